"""Views of the list of conversations that people keep for themselves."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Member


class SavedView(models.Model):
    """Filters of the list under a name: one person's, in one project, gone with their membership."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    filters = models.JSONField(default=dict, help_text=_("As they stand in the address."))

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["member", "name"], name="view_names_differ_for_a_member")]

    def __str__(self) -> str:
        return self.name
