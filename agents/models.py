"""What is kept of an agent: the project it belongs to, its draft, and its frozen versions."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.audit_models import AppendOnlyError, AuditEntry
from agents.choices import Environment, Role
from agents.connections.model import Connection
from agents.rehearsal_models import Rehearsal, RehearsalCall, RehearsalRun
from agents.source_models import Source, SourcePage

__all__ = [  # models of this app that stand in files of their own
    "AppendOnlyError",
    "AuditEntry",
    "Connection",
    "Environment",
    "Rehearsal",
    "RehearsalCall",
    "RehearsalRun",
    "Role",
    "Source",
    "SourcePage",
]


class Project(models.Model):
    """The root of everything: its members, its one agent, its widgets and conversations."""

    name = models.CharField(max_length=60)
    slug = models.SlugField(max_length=60, unique=True)
    pre_release = models.BooleanField(
        default=False, help_text=_("Versions pass through Pre-release on their way to Live.")
    )
    time_zone = models.CharField(
        max_length=60, blank=True, help_text=_("In which “tomorrow at three” is meant; empty: UTC.")
    )
    recordings_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How long recordings are kept; empty: until somebody deletes them.")
    )
    conversations_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text=_("How long conversations are kept; empty: until somebody deletes them.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person's part in a project. What a role may do is written in agents/people/roles.py, nowhere else."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role)
    access = models.JSONField(default=dict, blank=True, help_text=_("What differs from the role."))
    since = models.DateTimeField(auto_now_add=True)
    notices_seen_at = models.DateTimeField(null=True, blank=True)
    notices_by_mail = models.BooleanField(null=True, help_text=_("Empty: owners do, others do not."))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_membership_per_project")]

    def __str__(self) -> str:
        return f"{self.user} in {self.project}: {self.role}"


class Invitation(models.Model):
    """A link that makes whoever opens it first a member. The link is signed and not kept (agents/people/members.py)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=16, choices=Role)
    access = models.JSONField(default=dict, blank=True)
    for_whom = models.CharField(max_length=60, blank=True)
    nonce = models.CharField(max_length=32)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    used_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.for_whom or f"Invitation {self.pk}"


class Preference(models.Model):
    """What a person chose for themselves, in all projects."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=16, blank=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.language}"


class Agent(models.Model):
    """The draft of who answers. Visitors never meet it directly: `publish` freezes it into a Version."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="agent")
    name = models.CharField(max_length=50, help_text=_("Spoken and shown to visitors."))
    greeting = models.TextField(max_length=500, help_text=_("The first thing the agent says, exactly as written."))
    disclaimer = models.TextField(max_length=500, blank=True, help_text=_("Spoken before the greeting."))
    voice = models.CharField(max_length=60, default="hibari:heart")
    language = models.CharField(max_length=16, default="en")
    manner = models.JSONField(default=dict, blank=True, help_text=_("Numbers of the manner that were changed."))
    persona = models.TextField(max_length=1000, blank=True, help_text=_("How the agent is; for a language model."))
    rules = models.TextField(max_length=4000, blank=True, help_text=_("What it does and does not do; likewise."))
    words = models.JSONField(default=dict, blank=True, help_text=_("Words that callers use, and corrections."))
    services = models.JSONField(
        default=dict, blank=True, help_text=_("By use: the connection that does it, and what is asked of it.")
    )
    actions = models.JSONField(
        default=dict, blank=True, help_text=_("What a language model may begin by itself, and who helps further.")
    )
    wordings = models.JSONField(
        default=dict, blank=True, help_text=_("Voice, greeting and disclaimer by language, without the first.")
    )
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    """One thing the agent knows: how people ask for it, and what to answer."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="topics")
    name = models.CharField(max_length=100)
    samples = models.JSONField(
        default=list, blank=True, help_text=_("Questions as visitors would ask them, at most 20.")
    )
    content = models.TextField(max_length=2000, help_text=_("What the agent answers."))
    spoken = models.CharField(max_length=60, blank=True, help_text=_("How the agent names it; empty: as written."))
    first = models.BooleanField(default=False, help_text=_("Goes before all others: an emergency."))
    link = models.CharField(max_length=500, blank=True, help_text=_("A page that is shown while it is answered."))
    link_title = models.CharField(max_length=60, blank=True, help_text=_("What the link is called; empty: the name."))
    wordings = models.JSONField(
        default=dict, blank=True, help_text=_("Answer, spoken name and questions by language, without the first.")
    )
    refused = models.JSONField(
        default=list, blank=True, help_text=_("Everyday phrasings that it is not to be found by.")
    )
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="topic_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class Flow(models.Model):
    """Something the agent collects: what starts it, what it asks for, how it ends (agents/authoring/flows.py)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="flows")
    name = models.CharField(max_length=60)
    starts = models.JSONField(default=list, blank=True, help_text=_("Sentences that start it, at most 20."))
    topics = models.JSONField(default=list, blank=True, help_text=_("Names of topics behind which it is offered."))
    offer = models.CharField(max_length=200, blank=True, help_text=_("The offer behind a topic; empty: the usual one."))
    steps = models.JSONField(default=list, blank=True, help_text=_("What is asked for, in order."))
    read_back = models.BooleanField(default=True, help_text=_("Everything is read back at the end."))
    end = models.JSONField(default=dict, blank=True, help_text=_("What happens at the end."))
    wordings = models.JSONField(default=dict, blank=True, help_text=_("In the agent's other languages, by language."))
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="flow_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class Tool(models.Model):
    """A request to a system of the owner's, which the agent makes for a visitor (agents/authoring/tools.py)."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tools")
    name = models.CharField(max_length=60)
    about = models.CharField(max_length=300, blank=True, help_text=_("When it is used."))
    method = models.CharField(max_length=6, default="GET")
    url = models.CharField(max_length=1000, help_text=_("With {names} of what it needs to know."))
    parameters = models.JSONField(default=list, blank=True, help_text=_("What it needs to know."))
    headers = models.JSONField(default=list, blank=True, help_text=_("Pairs of name and value."))
    secrets = models.JSONField(default=list, blank=True, help_text=_("Names of headers whose values are sealed."))
    fields = models.JSONField(default=list, blank=True, help_text=_("Parts of the answer that may be said."))
    timeout_s = models.FloatField(default=8.0)
    delay_s = models.FloatField(default=3.0, help_text=_("After so long the visitor is told that it takes a while."))
    by_model = models.BooleanField(default=True, help_text=_("A language model may use it by itself."))
    remote = models.JSONField(default=dict, blank=True, help_text=_("Of an MCP server: what it is called there."))
    seen = models.CharField(max_length=40, blank=True, help_text=_("The mark of what the server told of it last."))
    words = models.JSONField(default=dict, blank=True, help_text=_("What is said of it, by language and moment."))
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="tool_names_differ_in_a_project")]

    def __str__(self) -> str:
        return self.name


class ToolSecret(models.Model):
    """A header's value for one tool and one server, sealed. It is in no version; whoever changes it does so at once."""

    tool = models.ForeignKey(Tool, on_delete=models.CASCADE, related_name="sealed")
    origin = models.CharField(max_length=300)
    header = models.CharField(max_length=60)
    sealed = models.TextField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tool", "origin", "header"], name="one_value_a_header_and_server")
        ]

    def __str__(self) -> str:
        return self.header


class Variant(models.Model):
    """A row of string attributes under a stable key: one brand, region or site. Texts use them as ${variant_name}."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="variants")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=60)
    is_default = models.BooleanField(default=False)
    attributes = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-is_default", "name"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="variant_keys_differ_in_a_project"),
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(is_default=True), name="one_default_variant_per_project"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Version(models.Model):
    """A frozen snapshot of the agent's whole configuration. Never changed after it is made.

    `config` has the shape that agents/brains/snapshot.py upgrades: {"schema": 1, "agent", "topics", "variants"}.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    note = models.CharField(max_length=200, blank=True)
    config = models.JSONField()
    mark = models.CharField(max_length=24, blank=True, help_text=_("Of `config`: the same for the same."))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="version_numbers_differ_in_a_project")
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Deployment(models.Model):
    """Append-only: the newest row of an environment is what runs there."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deployments")
    environment = models.CharField(max_length=16, choices=Environment)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="deployments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["project", "environment", "-id"])]

    def __str__(self) -> str:
        return f"{self.environment}: {self.version}"
