"""What is kept of a source: what it is, and the pages that were read of it, with their passages as vectors."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.Model):
    """Something of the owner's that the agent may answer from. `active` is of the draft; what was read acts at once."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        FILE = "file", _("File")
        PAGE = "page", _("Web page")
        SITE = "site", _("Website")

    class State(models.TextChoices):
        READING = "reading", _("Reading")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Could not be read")

    class Every(models.TextChoices):
        NEVER = "", _("Never")
        HOUR = "hour", _("Every hour")
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="sources")
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=8, choices=Kind)
    address = models.CharField(max_length=500, blank=True, help_text="Of a page or website.")
    file_name = models.CharField(max_length=200, blank=True)
    upload = models.CharField(max_length=100, blank=True, help_text="The file, until it was read.")
    text = models.TextField(blank=True, help_text="What was pasted.")
    pages_most = models.PositiveSmallIntegerField(default=30)
    every = models.CharField(max_length=8, choices=Every, blank=True, default=Every.NEVER)
    language = models.CharField(max_length=16, default="en")
    active = models.BooleanField(default=False, help_text="In the draft.")
    kept = models.BooleanField(default=False, help_text="Else somebody is still looking at it.")
    state = models.CharField(max_length=8, choices=State, default=State.READING)
    reason = models.CharField(max_length=32, blank=True, help_text="Why it could not be read.")
    work = models.JSONField(default=dict, blank=True, help_text="The reading that goes on.")
    round = models.PositiveIntegerField(default=0, help_text="The reading that answers; 0: none yet.")
    reading = models.PositiveIntegerField(default=0, help_text="The reading that goes on; 0: none.")
    encoder = models.CharField(max_length=60, blank=True, help_text="Whose vectors its passages have.")
    pages = models.PositiveIntegerField(default=0)
    passages = models.PositiveIntegerField(default=0)
    characters = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=dict, blank=True, help_text="What the last reading found changed.")
    left_out = models.JSONField(default=list, blank=True, help_text="Pages that were not read, and why.")
    read_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True, help_text="When it is read again.")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="source_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class SourcePage(models.Model):
    """A page of one reading. The pages of `Source.round` answer; those of a newer round are still being read."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="all_pages")
    round = models.PositiveIntegerField()
    place = models.PositiveIntegerField()
    key = models.CharField(max_length=520, help_text="The same for the same page in the next reading.")
    title = models.CharField(max_length=200)
    address = models.CharField(max_length=500, blank=True)
    number = models.PositiveIntegerField(default=0, help_text="In a file; 0: it has none.")
    mark = models.CharField(max_length=24, help_text="Of its passages: the same for the same.")
    passages = models.JSONField(help_text="Heading, text and row of each.")
    characters = models.PositiveIntegerField(default=0)
    vectors = models.BinaryField(null=True, help_text="Of its passages; nothing: not yet.")

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["source", "round", "key"], name="source_pages_differ_in_a_reading")
        ]

    def __str__(self) -> str:
        return self.title
