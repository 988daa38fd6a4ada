from django.db import migrations
from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

BATCH = 500  # conversations of one transaction
WANTING = (
    Q(misses__gt=0)
    | Q(messages__gt=0)
    | Q(rating__lte=2)
    | Q(end_cause__in=('failed', 'shutdown', 'connection_lost'))
    | Q(ended_at__isnull=False, answered_at=None)
)


def tell(apps, schema_editor):
    """What became of the conversations that are there; of new ones it is told as they go on."""
    Conversation, Turn = apps.get_model('calling', 'Conversation'), apps.get_model('calling', 'Turn')

    def turns(kind):
        rows = Turn.objects.filter(kind, conversation=OuterRef('pk')).order_by().values('conversation')
        number = Subquery(rows.annotate(n=Count('pk')).values('n'), output_field=IntegerField())
        return Coalesce(number, Value(0))

    every = Conversation.objects.order_by('pk')
    part = list(every.values_list('pk', 'answered_at', 'ended_at')[:BATCH])
    while part:
        rows = Conversation.objects.filter(pk__in=[pk for pk, _answered, _ended in part])
        rows.update(
            answers=turns(Q(source__startswith='topic:')),
            misses=turns(Q(source='unknown')),
            messages=turns(Q(source='message:kept') | Q(source__startswith='flow_finished:')),
        )
        rows.update(wanting=Case(When(WANTING, then=Value(True)), default=Value(False)))
        timed = [
            Conversation(pk=pk, talked_ms=max(0, round((ended - answered).total_seconds() * 1000)))
            for pk, answered, ended in part
            if answered and ended
        ]
        Conversation.objects.bulk_update(timed, ['talked_ms'], batch_size=BATCH)
        part = list(every.filter(pk__gt=part[-1][0]).values_list('pk', 'answered_at', 'ended_at')[:BATCH])


class Migration(migrations.Migration):

    atomic = False  # calls that go on meanwhile wait for one batch, not for all

    dependencies = [
        ('calling', '0014_what_became_of_calls'),
    ]

    operations = [
        migrations.RunPython(tell, migrations.RunPython.noop),
    ]
