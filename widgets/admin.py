"""The raw admin's view of widgets, for superusers. Codes, publications and consents are not edited by hand."""

from django.contrib import admin

from agents.admin import ReadOnly
from widgets import models


class AllowedDomainInline(admin.TabularInline):
    """Seen here, changed in the console: only there an address is brought into its one form, and audited."""

    model = models.AllowedDomain
    extra = 0
    can_delete = False
    readonly_fields = ("host", "port")
    max_num = 0


@admin.register(models.Widget)
class WidgetAdmin(admin.ModelAdmin):
    list_display = ("name", "project", "kind", "environment", "enabled", "published_at", "seen_at")
    list_filter = ("project", "kind", "environment", "enabled")
    search_fields = ("name", "code")
    readonly_fields = ("kind", "code", "draft", "published", "published_at", "seen_at", "seen_host")
    inlines = (AllowedDomainInline,)


@admin.register(models.RefusedHost)
class RefusedHostAdmin(ReadOnly):
    list_display = ("host", "widget", "count", "first_seen", "last_seen")


@admin.register(models.WidgetPublication)
class WidgetPublicationAdmin(ReadOnly):
    list_display = ("widget", "by", "at")


@admin.register(models.ConsentText)
class ConsentTextAdmin(ReadOnly):
    list_display = ("text", "widget", "language", "created_at")


@admin.register(models.ConsentRecord)
class ConsentRecordAdmin(ReadOnly):
    list_display = ("id", "widget", "language", "at", "conversation")
