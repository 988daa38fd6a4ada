"""The raw admin's view of agents, for superusers. What is append-only stays so here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agents import models


class ReadOnly(admin.ModelAdmin):
    """A table that nobody edits by hand: it is what happened."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(models.Project)
class ProjectAdmin(admin.ModelAdmin):
    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its versions, deployments and audit would go with it


@admin.register(models.Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ("user", "project", "role", "since")
    list_filter = ("role", "project")


@admin.register(models.Agent)
class AgentAdmin(admin.ModelAdmin):
    list_display = ("name", "project", "voice", "language", "updated_at")


@admin.register(models.Topic)
class TopicAdmin(admin.ModelAdmin):
    list_display = ("name", "project", "active", "updated_at")
    list_filter = ("project", "active")
    search_fields = ("name",)


@admin.register(models.Variant)
class VariantAdmin(admin.ModelAdmin):
    list_display = ("name", "key", "project", "is_default")
    list_filter = ("project",)


@admin.register(models.Version)
class VersionAdmin(ReadOnly):
    list_display = ("number", "project", "note", "created_by", "created_at")
    list_filter = ("project",)


@admin.register(models.Deployment)
class DeploymentAdmin(ReadOnly):
    list_display = ("project", "environment", "version", "by", "at")
    list_filter = ("project", "environment")


@admin.register(models.AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("at", "actor_name", "action", "target", "project")
    list_filter = ("project", "action")
