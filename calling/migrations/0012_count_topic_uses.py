from collections import Counter
from datetime import timedelta

from django.db import migrations, models
from django.db.models.functions import TruncDate
from django.utils import timezone


def count(apps, schema_editor):
    """The uses of the last month; from now on the worker counts them as calls end."""
    turns = apps.get_model('calling', 'Turn').objects.filter(
        source__startswith='topic:',
        conversation__is_test=False,
        conversation__ended_at__isnull=False,
        conversation__started_at__gte=timezone.now() - timedelta(days=30),
    )
    rows = turns.annotate(day=TruncDate('conversation__started_at')).order_by()
    found = Counter()
    for project, day, source, n in rows.values_list('conversation__project', 'day', 'source').annotate(
        models.Count('pk')
    ):
        for name in source.removeprefix('topic:').split(' + topic:'):
            found[project, day, name[:100]] += n
    TopicUse = apps.get_model('calling', 'TopicUse')
    TopicUse.objects.bulk_create(
        (TopicUse(project_id=project, day=day, name=name, count=n) for (project, day, name), n in found.items()),
        batch_size=500,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('calling', '0011_topic_uses'),
    ]

    operations = [
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
