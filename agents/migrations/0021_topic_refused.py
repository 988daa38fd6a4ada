from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0020_sources'),
    ]

    operations = [
        migrations.AddField(
            model_name='topic',
            name='refused',
            field=models.JSONField(
                blank=True, default=list, help_text='Everyday phrasings that it is not to be found by.'
            ),
        ),
    ]
