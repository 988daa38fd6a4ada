"""Words of the agents room that more than one of its tables uses."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Environment(models.TextChoices):
    """Where a version runs. Widgets and numbers are bound to one of these, never to a version."""

    SANDBOX = "sandbox", _("Sandbox")
    PRE_RELEASE = "pre-release", _("Pre-release")
    LIVE = "live", _("Live")


class Role(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    ANALYST = "analyst", _("Analyst")
