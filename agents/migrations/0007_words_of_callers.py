from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("agents", "0006_rehearsals"),
    ]

    operations = [
        migrations.AddField(
            model_name="agent",
            name="words",
            field=models.JSONField(blank=True, default=dict, help_text="Words that callers use, and corrections."),
        ),
    ]
