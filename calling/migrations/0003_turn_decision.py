from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calling", "0002_rating"),
    ]

    operations = [
        migrations.AddField(
            model_name="turn",
            name="decision",
            field=models.JSONField(blank=True, default=dict, help_text="Why turns changed hands when they did."),
        ),
    ]
