"""What is kept of conversations."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Environment, Project, Version
from calling.chat_models import Chat, ChatEvent, Identity
from calling.todo_models import Notice, Question, QuestionGroup
from calling.view_models import SavedView
from widgets.models import ConsentRecord, Widget

# Models of this app that stand in files of their own.
__all__ = ["Chat", "ChatEvent", "Identity", "Notice", "Question", "QuestionGroup", "SavedView"]


class Tag(models.Model):
    """A word that a project's people put on conversations, to find them again."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="tags_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class Conversation(models.Model):
    """One call from ringing to its end, or one chat, with what it ran on at that time."""

    CALL, CHAT = "webcall", "chat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, db_index=True, help_text=_("Short, shown to the visitor at the end."))
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="conversations")
    widget = models.ForeignKey(Widget, null=True, on_delete=models.SET_NULL, related_name="conversations")
    widget_name = models.CharField(max_length=60)
    environment = models.CharField(max_length=16, choices=Environment)
    version = models.ForeignKey(Version, null=True, on_delete=models.SET_NULL, related_name="conversations")
    variant_key = models.SlugField(max_length=60, blank=True)
    language = models.CharField(max_length=16, default="en")
    channel = models.CharField(max_length=16, default=CALL)
    site = models.CharField(max_length=260, blank=True, help_text=_("The origin of the page the call came from."))
    consent = models.ForeignKey(ConsentRecord, null=True, on_delete=models.SET_NULL, related_name="conversations")
    is_test = models.BooleanField(default=False)
    visitor = models.CharField(max_length=64, blank=True, help_text=_("Daily salted hash of the address."))
    started_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_cause = models.CharField(max_length=32, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    rating = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("Stars that the visitor gave, 1 to 5.")
    )
    agent_state = models.JSONField(null=True, blank=True, help_text=_("What another process needs to go on."))
    read_at = models.DateTimeField(null=True, blank=True, help_text=_("When somebody whose work it is read it first."))
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    handled_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When somebody said that nothing is left to do.")
    )
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    tags = models.ManyToManyField(Tag, blank=True, related_name="conversations")
    # What became of it, told by calling/record/outcomes.py: lists and sums look at no turns.
    answers = models.PositiveIntegerField(default=0, help_text=_("Turns in which a topic answered."))
    misses = models.PositiveIntegerField(default=0, help_text=_("Turns in which nothing was known."))
    messages = models.PositiveIntegerField(default=0, help_text=_("Messages and finished flows that wait for you."))
    talked_ms = models.PositiveIntegerField(null=True, blank=True)
    wanting = models.BooleanField(default=False, help_text=_("Whether somebody ought to look at it."))

    class Meta:
        ordering = ["-started_at"]
        indexes = [
            models.Index(
                fields=["project", "-started_at", "-id", "ended_at", "read_at"],
                condition=models.Q(read_at=None),
                name="calls_unread",
            ),
            models.Index(
                fields=["project", "-started_at", "-id", "handled_at", "is_test", "wanting"],
                condition=models.Q(handled_at=None, is_test=False, wanting=True),
                name="calls_wanting",
            ),
            # In the order of the list, with all that it is narrowed by and that Home counts: they read this, not rows.
            models.Index(
                fields=[
                    *("project", "-started_at", "-id", "is_test", "misses", "answers", "messages", "ended_at"),
                    *("talked_ms", "environment", "widget", "end_cause", "answered_at", "rating", "handled_at"),
                ],
                name="calls_told",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def talked_s(self) -> float | None:
        """Seconds between answer and end; None while it runs or when nobody answered."""
        if not self.answered_at or not self.ended_at:
            return None
        return (self.ended_at - self.answered_at).total_seconds()


class Turn(models.Model):
    """What one side said. `text` is what was really heard; `planned` what the agent meant to say."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    index = models.PositiveIntegerField()
    speaker = models.CharField(max_length=8, choices=[("visitor", _("Visitor")), ("agent", _("Agent"))])
    text = models.TextField(blank=True)
    planned = models.TextField(blank=True)
    started_s = models.FloatField(help_text=_("Seconds since the call was answered."))
    ended_s = models.FloatField(null=True, blank=True)
    interrupted = models.BooleanField(default=False)
    source = models.CharField(
        max_length=120, blank=True, help_text=_("What answered: a topic's name or a kind of reply.")
    )
    score = models.FloatField(null=True, blank=True)
    timings = models.JSONField(default=dict, blank=True, help_text=_("Milliseconds of each stage."))
    decision = models.JSONField(default=dict, blank=True, help_text=_("Why turns changed hands when they did."))

    class Meta:
        ordering = ["index"]
        constraints = [models.UniqueConstraint(fields=["conversation", "index"], name="turn_indexes_differ")]

    def __str__(self) -> str:
        return f"{self.index} {self.speaker}"


class Event(models.Model):
    """Something that happened in a call and is no turn: a gap, a key pressed, a missing variable, a mute."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField(
        null=True, blank=True, help_text=_("Of its conversation, from 0: what is written again is there already.")
    )
    at_s = models.FloatField(help_text=_("Seconds since the call was answered; negative before."))
    name = models.CharField(max_length=40)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["conversation", "number"], name="event_numbers_differ")]

    def __str__(self) -> str:
        return self.name


class Recording(models.Model):
    """The sound of a conversation: Ogg Opus, the visitor on the left channel, the agent on the right."""

    class Status(models.TextChoices):
        SPOOLING = "spooling", _("Being recorded")
        ENCODING = "encoding", _("Being prepared")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be prepared")

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="recording")
    status = models.CharField(max_length=10, choices=Status, default=Status.SPOOLING)
    file = models.CharField(max_length=120, blank=True, help_text=_("Name in the recordings storage."))
    size_bytes = models.PositiveBigIntegerField(null=True, blank=True)
    duration_s = models.FloatField(null=True, blank=True)
    peaks = models.JSONField(
        null=True, blank=True, help_text=_('{"rate_hz": 10, "visitor": [0..100], "agent": [0..100]}')
    )

    def __str__(self) -> str:
        return f"{self.conversation}: {self.status}"


class Note(models.Model):
    """What somebody of the project wrote down about a conversation, for colleagues. No visitor hears or sees it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="notes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    by_name = models.CharField(max_length=150)
    text = models.TextField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by_name} at {self.at}"


class TopicUse(models.Model):
    """How many questions a topic answered on a day. Counted as calls end, and kept when they are deleted: it holds no
    word of anybody."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="topic_uses")
    name = models.CharField(max_length=100)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "name", "day"], name="one_count_a_topic_and_day")]

    def __str__(self) -> str:
        return f"{self.name} on {self.day}: {self.count}"


class Outbox(models.Model):
    """Work to do after a call. Rows are the truth; the broker only wakes the worker that sweeps them."""

    task = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    due_at = models.DateTimeField(db_index=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(done_at=None), name="outbox_due")]

    def __str__(self) -> str:
        return self.task


class ToolCall(models.Model):
    """A tool that was called in a conversation: written down before it is sent, so that nobody sends it again."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="tool_calls")
    key = models.CharField(max_length=40, unique=True, help_text=_("The same for the same thing at the same occasion."))
    tool = models.CharField(max_length=60)
    method = models.CharField(max_length=6)
    arguments = models.JSONField(default=dict)
    outcome = models.JSONField(null=True, help_text=_("Empty: on its way, or nobody can tell."))
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.tool


class ModelUse(models.Model):
    """Tokens that a project's language model read and wrote on a day (UTC), whatever came of them."""

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="model_use")
    day = models.DateField()
    read = models.PositiveBigIntegerField(default=0)
    written = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "day"], name="one_model_use_a_project_and_day")]

    def __str__(self) -> str:
        return f"{self.day}"
