from django.db import migrations, models


def read_what_is_old(apps, schema_editor):
    """What was there before anybody could read it is nobody's work now."""
    apps.get_model('calling', 'Conversation').objects.filter(ended_at__isnull=False).update(read_at=models.F('ended_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('calling', '0006_daily_work'),
    ]

    operations = [
        migrations.RunPython(read_what_is_old, migrations.RunPython.noop),
    ]
