"""What is kept of a connection: a service that a project uses, with its key sealed."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Connection(models.Model):
    """One service of a project. Written by agents/connections/keeping.py only."""

    project = models.ForeignKey("agents.Project", on_delete=models.CASCADE, related_name="connections")
    kind = models.CharField(max_length=30, help_text=_("Of agents/connections/kinds.py."))
    name = models.CharField(max_length=60)
    address = models.CharField(max_length=500)
    sealed = models.TextField(blank=True, editable=False, help_text=_("The key, encrypted; empty: none."))
    ends = models.CharField(max_length=4, blank=True, help_text=_("The key's last four signs."))
    settings = models.JSONField(default=dict, blank=True, help_text=_("By use: what is asked of it, and its price."))
    tested = models.JSONField(default=dict, blank=True, help_text=_("By use: how its last test went."))
    made_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "agents"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="connection_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name

    def of(self, use: str) -> dict[str, Any]:
        """What is asked of it for a use."""
        return dict(self.settings.get(use, {}))
