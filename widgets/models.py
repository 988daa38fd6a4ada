"""Widgets: who may call from where, and what they see."""

import secrets
import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Environment, Project
from widgets import domains


class Kind(models.TextChoices):
    PHONE = "phone", _("Phone")
    CHAT = "chat", _("Chat")


def new_code() -> str:
    """A public code: 43 characters, 256 random bits. It names a widget and admits nobody by itself."""
    return secrets.token_urlsafe(32)


class Widget(models.Model):
    """A call button on somebody's site, or a chat.

    `draft` and `published` are what visitors see (style, words, consent, recording), in the shape of
    widgets/card/config.py; visitors get `published` only. Environment, variant, domains and `enabled` act at once.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="widgets")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PHONE, editable=False)
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=43, unique=True, default=new_code, editable=False)
    environment = models.CharField(max_length=16, choices=Environment, default=Environment.SANDBOX)
    variant_key = models.SlugField(max_length=60, blank=True, help_text=_("Empty means the default variant."))
    enabled = models.BooleanField(default=True)
    max_calls = models.PositiveIntegerField(
        null=True, blank=True, help_text=_("Calls at the same time; empty: no own limit.")
    )
    draft = models.JSONField(default=dict)
    draft_revision = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Counts the draft's changes, so that two editors notice each other.")
    )
    draft_aside = models.JSONField(
        null=True,
        editable=False,
        help_text=_("The draft before the present one; it can be taken back."),
    )
    draft_aside_at = models.DateTimeField(null=True, editable=False)
    published = models.JSONField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text=_("When the tag was last loaded by a listed site."))
    seen_host = models.CharField(max_length=260, blank=True)
    seen_secure = models.BooleanField(default=False, help_text=_("Whether the page it was seen on lets calls begin."))
    rotated_at = models.DateTimeField(null=True, blank=True, help_text=_("When tags made before stopped working."))
    archived_at = models.DateTimeField(null=True, blank=True, help_text=_("Put away, and switched off."))

    class Meta:
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def takes_calls(self) -> bool:
        """Whether its owner lets visitors call: switched on, and not put away."""
        return self.enabled and self.archived_at is None


class AllowedDomain(models.Model):
    """A host that may show the widget, with its subdomains; never a bare public suffix. No row, nobody admitted."""

    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="domains")
    host = models.CharField(max_length=253, help_text=_("Lower case, punycode, without scheme."))
    port = models.PositiveIntegerField(null=True, blank=True, help_text=_("Empty: any port."))

    class Meta:
        ordering = ["host", "port"]
        constraints = [
            models.UniqueConstraint(fields=["widget", "host", "port"], name="domains_differ", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def shown(self) -> str:
        """As people write it."""
        return domains.readable(self.host) + (f":{self.port}" if self.port else "")


class RefusedHost(models.Model):
    """A site that asked for the widget and was turned away; at most 20 are kept for a widget."""

    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="refused_hosts")
    host = models.CharField(max_length=260)
    count = models.PositiveIntegerField(default=1)
    first_seen = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField()

    class Meta:
        ordering = ["-last_seen"]
        constraints = [models.UniqueConstraint(fields=["widget", "host"], name="refused_hosts_differ")]

    def __str__(self) -> str:
        return self.host


class ConsentText(models.Model):
    """The exact words and links that a visitor agreed to. Immutable; one row for each different wording."""

    widget = models.ForeignKey(Widget, null=True, on_delete=models.SET_NULL, related_name="consent_texts")
    language = models.CharField(max_length=16)
    text = models.TextField()
    button = models.CharField(max_length=100)
    links = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["widget", "digest"], name="consent_wordings_differ")]

    def __str__(self) -> str:
        return self.text[:60]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A wording that somebody may have agreed to never changes; make another one.")
        super().save(*args, **kwargs)


class ConsentRecord(models.Model):
    """One visitor's yes: which words, when, for which call."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="records")
    widget = models.ForeignKey(Widget, null=True, on_delete=models.SET_NULL, related_name="consents")
    language = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)
    conversation = models.UUIDField(null=True, blank=True, help_text=_("Set when the call it was given for begins."))

    def __str__(self) -> str:
        return str(self.id)


class SpentTicket(models.Model):
    """A ticket that was used. The row's key makes a second use impossible, in whatever process it arrives."""

    nonce = models.CharField(max_length=43, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.nonce[:6]


def new_slug() -> str:
    """The end of a call page's address: 22 characters, 128 random bits."""
    return secrets.token_urlsafe(16)


class CallPage(models.Model):
    """A page of our own where a widget's agent can be called, for people without a website. Off until switched on."""

    widget = models.OneToOneField(Widget, on_delete=models.CASCADE, related_name="call_page")
    slug = models.CharField(max_length=22, unique=True, default=new_slug, editable=False)
    enabled = models.BooleanField(default=False)
    environment = models.CharField(max_length=16, choices=Environment, default=Environment.SANDBOX)
    expires_at = models.DateTimeField(null=True, blank=True, help_text=_("Empty: it does not end by itself."))
    passphrase = models.CharField(max_length=128, blank=True, editable=False, help_text=_("Hashed; empty: none."))
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Call page of {self.widget}"


class TestLink(models.Model):
    """A link to a blank page with the widget on it, good for an hour or until it is revoked."""

    __test__ = False  # not a test case, whatever its name begins with

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="test_links")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.widget} until {self.expires_at}"


class AppAccess(models.Model):
    """Whether apps without a page may use a widget, and what they show for it. Off until somebody switches it on.

    The token admits to the messaging API, the calling token to calls. Only their digests are kept: whoever reads this
    table cannot be an app. `revision` counts what makes access tokens of before worthless.
    """

    widget = models.OneToOneField(Widget, on_delete=models.CASCADE, related_name="app_access")
    enabled = models.BooleanField(default=False)
    token_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    token_end = models.CharField(max_length=4, blank=True, editable=False)
    calling_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    calling_end = models.CharField(max_length=4, blank=True, editable=False)
    app_ids = models.JSONField(default=list)  # ids of apps that may say where they are from
    takes_code = models.BooleanField(default=False)  # whether the widget's public code will do in place of the token
    revision = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Apps of {self.widget}"


class ContextKey(models.Model):
    """A secret that a site signs with what it knows of its visitors. It is told once, and kept sealed."""

    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="context_keys")
    kid = models.CharField(max_length=40, unique=True, editable=False)
    sealed = models.TextField(editable=False)
    end = models.CharField(max_length=4, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.kid


class WidgetImage(models.Model):
    """A picture for cards, redrawn by widgets/card/redraw.py. Its digest is its address: the same bytes for ever."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="images")
    digest = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    content_type = models.CharField(max_length=16)
    used_at = models.DateTimeField(help_text=_("When it was uploaded last."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "digest"], name="images_differ")]

    def __str__(self) -> str:
        return self.digest[:12]


class WidgetPublication(models.Model):
    """What was published, by whom and when: append-only history of a widget's visible configuration."""

    widget = models.ForeignKey(Widget, on_delete=models.CASCADE, related_name="publications")
    config = models.JSONField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.widget} at {self.at}"
