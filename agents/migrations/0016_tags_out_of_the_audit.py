"""Which tags were added and removed is counted, and no longer named: a tag may be somebody's name."""

from django.db import migrations


def count(apps, schema_editor):
    entries = apps.get_model("agents", "AuditEntry").objects.using(schema_editor.connection.alias)
    for entry in entries.filter(action="conversation.tags").iterator(chunk_size=500):
        details = {
            name: len(value) if name in ("added", "removed") and isinstance(value, list) else value
            for name, value in entry.details.items()
        }
        if details != entry.details:
            entries.filter(pk=entry.pk).update(details=details)


class Migration(migrations.Migration):
    dependencies = [("agents", "0015_rehearsal_made_from")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop, elidable=True)]
