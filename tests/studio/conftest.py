"""A project with something on every page of the console."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from agents.authoring import flow_rules, flows, publish, tool_rules, tools
from agents.authoring.rehearsals import writing
from agents.authoring.sources import keeping as sources
from agents.connections import keeping
from agents.models import Environment, Member, Role, Topic, Variant
from agents.people import members
from calling.models import Conversation, Note, Question, QuestionGroup, Recording, Turn
from calling.record import outcomes
from widgets import actions
from widgets.admission import consent
from widgets.card import config, look
from widgets.models import ConsentRecord, RefusedHost


@pytest.fixture
def make_call(project):
    """Makes a conversation: greeting, a question, an answer from a topic, a question without an answer."""

    def make(minutes_ago=5, **values):
        began = timezone.now() - timedelta(minutes=minutes_ago)
        conversation = Conversation.objects.create(
            project=project,
            **{
                "reference": "HB-7K2Q",
                "widget_name": "Shop phone",
                "environment": Environment.SANDBOX,
                "site": "https://shop.example.com",
                "started_at": began,
                "answered_at": began + timedelta(seconds=1),
                "ended_at": began + timedelta(seconds=57),
                "end_cause": "visitor_ended",
                **values,
            },
        )
        turns = [
            ("agent", "Hello, this is Robin.", 0.0, 2.0, {"source": "greeting"}),
            ("visitor", "When are you open?", 3.0, 5.0, {}),
            (
                "agent",
                "We are open from nine",
                6.0,
                8.0,
                {
                    "source": "topic:Opening hours",
                    "planned": "We are open from nine to six, and on Saturdays.",
                    "interrupted": True,
                    "score": 0.86,
                    "timings": {"first_sound": 690.0, "hearing": 90.0},
                },
            ),
            ("visitor", "Do you sell <b>boats</b>?", 8.0, 10.0, {}),
            ("agent", "I don’t know that.", 11.0, 13.0, {"source": "unknown", "timings": {"first_sound": 1800.0}}),
        ]
        for index, (speaker, text, start, end, more) in enumerate(turns):
            Turn.objects.create(
                conversation=conversation,
                index=index,
                speaker=speaker,
                text=text,
                started_s=start,
                ended_s=end,
                **more,
            )
        outcomes.tell([conversation.pk])
        conversation.refresh_from_db()
        return conversation

    return make


@pytest.fixture
def furnished(project, owner, make_call):
    """The project with a topic, variants, versions, a widget with its lists, and a recorded conversation."""
    topic = Topic.objects.create(project=project, name="Opening hours", content="From nine to six.", samples=["Open?"])
    Variant.objects.create(project=project, key="harbour", name="Harbour", is_default=True, attributes={"city": "Bath"})
    step = {"name": "Phone", "kind": "phone", "ask": "Which number?"}
    values, _ = flow_rules.clean({"name": "Ring me back", "starts": ["Ring me"], "steps": [step]})
    flow = flows.save_flow(project, None, values, owner)
    asked = {"name": "Look up an order", "url": "https://shop.example.com/orders/{number}", "secrets": ["X-Key"]}
    values, _ = tool_rules.clean(asked | {"parameters": [{"name": "Number"}]})
    tool = tools.save_tool(project, None, values, owner, secrets={"X-Key": "sk-live-7"})
    version = publish.publish(project, by=owner, note="First words")
    lines = [{"say": "Open?", "checks": [{"kind": "topic", "value": "Opening hours"}]}]
    (rehearsal,) = writing.import_rehearsals(project, [{"name": "Asks", "lines": lines}], by=owner)
    widget = actions.create_widget(project, by=owner, name="Shop phone", address="shop.example.com")
    draft = config.new()
    draft["consent"] = {"enabled": True, "message": "Read our {{privacyPolicyUrl}} first.", "button": "I agree"}
    draft["policies"] = {"enabled": True, "privacy_url": "https://shop.example.com/privacy", "terms_url": ""}
    actions.save_draft(widget, draft, by=owner)
    actions.publish_widget(widget, by=owner)
    refused = RefusedHost.objects.create(widget=widget, host="other.example.net", count=3, last_seen=timezone.now())
    conversation = make_call(widget=widget, version=version, variant_key="harbour")
    wording = consent.keep(widget, consent.wording(look.read(widget.published)))
    conversation.consent = ConsentRecord.objects.create(
        text=wording, widget=widget, language="en", conversation=conversation.pk
    )
    conversation.save()
    levels = {"rate_hz": 10, "visitor": [0, 40] * 280, "agent": [60, 0] * 280}
    recording = Recording.objects.create(
        conversation=conversation, status=Recording.Status.READY, file="none.ogg", duration_s=56.0, peaks=levels
    )
    group = QuestionGroup.objects.create(
        project=project, language="en", encoder="none", centre=b"", asked=1, last_at=conversation.started_at
    )
    asked = conversation.turns.get(text__contains="boats")
    Question.objects.create(turn=asked, group=group, asked_at=conversation.started_at)
    note = Note.objects.create(conversation=conversation, by=owner, by_name="olga", text="Ring back on Friday.")
    member = Member.objects.select_related("user").get(project=project, user=owner)
    invitation = members.invite(project, Role.EDITOR, {}, "A colleague", by=member)
    values = {"kind": "openai", "name": "Speech", "address": "https://api.example.com/v1"}
    connection = keeping.save(project, None, values, owner, key="sk-live-0123456789abcd")
    values = {"name": "Manual", "kind": "text", "text": "The battery is charged indoors."}
    source = sources.add(project, values, owner)
    return SimpleNamespace(
        project=project,
        source=source,
        connection=connection,
        member=member,
        invitation=invitation,
        topic=topic,
        rehearsal=rehearsal,
        flow=flow,
        tool=tool,
        version=version,
        widget=widget,
        domain=widget.domains.get(),
        refused=refused,
        conversation=conversation,
        note=note,
        group=group,
        recording=recording,
    )
