"""The raw admin's view of what is kept: to read, for superusers. Deleting goes through calling/record/actions.py."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from calling.models import Conversation, Event, Outbox, Recording, Turn
from calling.record.actions import delete_conversation


class ReadOnly:
    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Turns(ReadOnly, admin.TabularInline):
    model = Turn
    extra = 0
    can_delete = False


class Events(ReadOnly, admin.TabularInline):
    model = Event
    extra = 0
    can_delete = False


class Recordings(ReadOnly, admin.StackedInline):
    model = Recording
    exclude = ("peaks",)
    can_delete = False


@admin.register(Conversation)
class ConversationAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("reference", "project", "widget_name", "environment", "started_at", "end_cause", "error_code")
    list_filter = ("environment", "end_cause", "is_test")
    search_fields = ("reference",)
    inlines = (Recordings, Turns, Events)

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        delete_conversation(obj, request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for conversation in queryset:
            delete_conversation(conversation, request.user)


@admin.register(Outbox)
class OutboxAdmin(ReadOnly, admin.ModelAdmin):
    list_display = ("task", "due_at", "attempts", "done_at", "error")
    list_filter = ("task",)
