"""What is kept of rehearsals: the pretended calls, and how each went."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.choices import Environment


class Rehearsal(models.Model):
    """A pretended call: what the caller says and what must happen (agents/authoring/rehearsals/script.py)."""

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="rehearsals")
    name = models.CharField(max_length=100)
    lines = models.JSONField(default=list)
    checks = models.JSONField(default=list, blank=True, help_text=_("Of the call as a whole."))
    variant_key = models.SlugField(max_length=60, blank=True)
    by_voice = models.BooleanField(default=False, help_text=_("The caller speaks; else they type."))
    made_from = models.UUIDField(null=True, editable=False, help_text=_("The conversation whose words these were."))
    mark = models.CharField(max_length=24, help_text=_("Of lines, checks, variant and voice: the same for the same."))
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="rehearsal_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class RehearsalRun(models.Model):
    """Rehearsals held with one state of the agent. `config` is that state while calls are still to come."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        STOPPED = "stopped", _("Stopped")
        FAILED = "failed", _("Could not go on")

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="rehearsal_runs")
    environment = models.CharField(max_length=16, choices=Environment, blank=True, help_text=_("Empty: the draft."))
    version = models.ForeignKey("agents.Version", null=True, on_delete=models.SET_NULL, related_name="+")
    mark = models.CharField(max_length=24, db_index=True, help_text=_("Of the agent's configuration."))
    config = models.JSONField(null=True)
    times = models.PositiveSmallIntegerField(default=1, help_text=_("How often each is held."))
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    alive_at = models.DateTimeField(auto_now_add=True, help_text=_("When something of it was last done."))
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(state="running"), name="one_rehearsal_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"Rehearsal run {self.pk}"


class RehearsalCall(models.Model):
    """One call of a run: planned first, and told when it was held."""

    run = models.ForeignKey(RehearsalRun, on_delete=models.CASCADE, related_name="calls")
    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="calls")
    number = models.PositiveSmallIntegerField(help_text=_("Which caller it is, from 0."))
    script = models.CharField(max_length=24, help_text=_("The rehearsal's mark when it was planned."))
    attempts = models.PositiveSmallIntegerField(default=0)
    passed = models.BooleanField(null=True, help_text=_("Nothing: not held yet."))
    result = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["rehearsal", "-run"])]

    def __str__(self) -> str:
        return f"{self.rehearsal}: call {self.number + 1}"
