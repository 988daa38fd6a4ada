from datetime import timedelta

from django.db import migrations
from django.utils import timezone

KEPT = timedelta(days=90)  # what is older is nobody's question any more


def collect(apps, schema_editor):
    """What went unanswered lately is put into groups as new questions are: by the worker, one call after the other."""
    turns = apps.get_model('calling', 'Turn').objects.filter(source='unknown')
    calls = turns.filter(conversation__started_at__gte=timezone.now() - KEPT, conversation__ended_at__isnull=False)
    found = calls.order_by().values_list('conversation_id', flat=True).distinct()
    Outbox = apps.get_model('calling', 'Outbox')
    Outbox.objects.bulk_create(
        (
            Outbox(task='collect_questions', payload={'conversation': str(pk)}, due_at=timezone.now())
            for pk in found.iterator(500)
        ),
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('calling', '0008_questions'),
    ]

    operations = [
        migrations.RunPython(collect, migrations.RunPython.noop),
    ]
