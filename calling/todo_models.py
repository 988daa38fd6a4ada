"""What is kept for a project's people to do: questions without an answer, and notices."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class QuestionGroup(models.Model):
    """Questions that nobody could answer and that mean about the same. The words themselves stay in their turns."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("questions", "Open")
        ANSWERED = "answered", _("Answered since")
        DISMISSED = "dismissed", _("Not for us")

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="question_groups")
    language = models.CharField(max_length=16)
    encoder = models.CharField(max_length=40, help_text=_("What made the vector: others are not comparable."))
    centre = models.BinaryField(help_text=_("The mean of its questions' vectors, as 32-bit floats."))
    status = models.CharField(max_length=10, choices=Status, default=Status.OPEN)
    asked = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["-asked", "-last_at", "-id"]
        indexes = [models.Index(fields=["project", "status", "-asked", "-last_at"])]

    def __str__(self) -> str:
        return f"{self.asked} asked"


class Question(models.Model):
    """A visitor's turn that got no answer, in its group."""

    turn = models.OneToOneField("calling.Turn", on_delete=models.CASCADE, related_name="question")
    group = models.ForeignKey(QuestionGroup, on_delete=models.CASCADE, related_name="questions")
    asked_at = models.DateTimeField()

    class Meta:
        ordering = ["-asked_at", "-id"]
        indexes = [models.Index(fields=["group", "-asked_at"])]

    def __str__(self) -> str:
        return f"{self.turn_id} in {self.group_id}"


class Notice(models.Model):
    """What a project's people ought to know of a day: how many calls failed and why, which sites were refused, how many
    questions went unanswered. Nothing of a visitor is in it."""

    class Kind(models.TextChoices):
        FAILED = "failed", _("Failed calls")
        QUESTIONS = "questions", _("Unanswered")
        REFUSED = "refused", _("Refused sites")

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=10, choices=Kind)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    details = models.JSONField(default=dict, help_text=_("How many of each: by code of the failure, or by site."))
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["project", "kind", "day"], name="one_notice_a_kind_and_day")]
        indexes = [models.Index(fields=["project", "-last_at"])]

    def __str__(self) -> str:
        return f"{self.kind} on {self.day}: {self.count}"
