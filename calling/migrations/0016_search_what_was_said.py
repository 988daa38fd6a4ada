from django.db import migrations

from calling.record import search_index


class Migration(migrations.Migration):

    atomic = False  # old turns are written in batches, and an index of PostgreSQL beside those who write

    dependencies = [
        ('calling', '0015_tell_old_calls'),
    ]

    operations = [
        migrations.RunPython(lambda _apps, editor: search_index.prepare(editor.connection), migrations.RunPython.noop),
    ]
