"""What is kept of chats, beside their conversations."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Chat(models.Model):
    """A session of the messaging API: one conversation in writing, once somebody has asked for the agent.

    All that the next turn needs is here and in its conversation, so that any process may serve it. Its sockets, and
    whoever thinks an answer out at the moment, come and go.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    widget = models.ForeignKey("widgets.Widget", null=True, on_delete=models.SET_NULL, related_name="chats")
    conversation = models.OneToOneField(
        "calling.Conversation", null=True, on_delete=models.CASCADE, related_name="chat"
    )
    holder = models.JSONField()  # who was admitted, and how: asked anew when the agent is asked for
    user = models.CharField(max_length=43)  # whose access token it belongs to
    consent = models.UUIDField(null=True, blank=True)  # the visitor’s yes, until the conversation has it
    language = models.CharField(max_length=16, blank=True)  # of the card; "": the agent’s first
    platform = models.CharField(max_length=16)
    device = models.CharField(max_length=16, blank=True)
    streams = models.BooleanField(default=False)
    page = models.JSONField(default=dict)  # what page or app told, untrusted
    vault = models.JSONField(null=True)  # what the site signed; None: nothing
    call_sid = models.CharField(max_length=128, blank=True)  # the call that a client said belongs to it
    visitor = models.CharField(max_length=64, blank=True)
    last_sequence = models.PositiveIntegerField(default=0)
    answered_to = models.PositiveIntegerField(default=0)  # the last message that was answered
    kept_bytes = models.PositiveIntegerField(default=0)
    answering = models.CharField(max_length=22, blank=True)  # whose the answer is that is being made
    answering_until = models.DateTimeField(null=True, blank=True)
    aloud_until = models.DateTimeField(null=True, blank=True)  # a call has the conversation, at most until then
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when a client last said anything
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.id)


class Identity(models.Model):
    """Who the visitor of a chat is, as their site signed it: shown, searched, and gone with the conversation."""

    conversation = models.OneToOneField(
        "calling.Conversation", primary_key=True, on_delete=models.CASCADE, related_name="identity"
    )
    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=254, blank=True)
    given_id = models.CharField(max_length=120, blank=True, help_text=_("Under which their site knows them."))
    words = models.CharField(max_length=500, help_text=_("All of it as it is searched, in small letters."))

    class Meta:
        indexes = [models.Index(fields=["project", "words"], name="identities_searched")]

    def __str__(self) -> str:
        return self.name or self.email or self.given_id

    @property
    def told(self) -> list[str]:
        return [value for value in (self.name, self.email, self.given_id) if value]


class ChatEvent(models.Model):
    """One event of a chat as its clients were told it, and are told it again when they come back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="told")
    sequence = models.PositiveIntegerField()
    type = models.CharField(max_length=40)
    payload = models.JSONField(default=dict)
    custom = models.JSONField(default=dict)
    local_id = models.CharField(max_length=128, null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["sequence"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "sequence"], name="chat_events_differ"),
            models.UniqueConstraint(fields=["chat", "local_id"], name="chat_messages_differ"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.type}"
