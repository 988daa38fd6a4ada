"""Daily work: what is pressed on the list and on a conversation. Read, handled, notes, tags."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from calling.models import Note
from calling.record import handling
from studio.pages.base import ProjectPage, back
from studio.pages.calls.conversation import ConversationPage
from studio.pages.people.privacy import chosen_calls


class Mark(ProjectPage):
    """The conversations that were ticked, or the one that is open: read, unread, handled, or not after all."""

    permission = "conversations.read"
    write_permission = "conversations.handle"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        calls, by = chosen_calls(request), request.user
        match request.POST.get("do"):
            case "read":
                handling.mark_read(self.project, calls, by)
                if request.headers.get("Accept") == "text/x-part":  # the page of the conversation, by itself
                    return HttpResponse(status=204)
            case "unread":
                handling.mark_unread(self.project, calls)
            case "handled":
                done = handling.mark_handled(self.project, calls, by)
                self.say(
                    ngettext("%(n)d conversation is handled.", "%(n)d conversations are handled.", done) % {"n": done}
                )
            case "open":
                handling.mark_open(self.project, calls, by)
        return back(self, "conversations")


class DailyPage(ConversationPage):
    write_permission = "conversations.handle"
    http_method_names = ["post"]

    def done(self) -> HttpResponse:
        return back(self, "conversation", conversation=self.call.pk)


class Notes(DailyPage):
    def post(self, request: HttpRequest, conversation: Any) -> HttpResponse:
        if not self.may("conversations.personal"):  # what is written about a call tells what was said in it
            return self.page("studio/not_allowed.html", status=403)
        try:
            handling.add_note(self.call, request.POST.get("text", ""), by=request.user)
        except handling.NotPossible as refused:
            self.warn(str(refused))
        return self.done()


class NoteDelete(DailyPage):
    def post(self, request: HttpRequest, conversation: Any, note: int) -> HttpResponse:
        row = get_object_or_404(Note.objects.select_related("conversation__project"), conversation=self.call, pk=note)
        if row.by_id != request.user.pk and not self.may("conversations.delete"):
            return self.page("studio/not_allowed.html", status=403)
        handling.delete_note(row, by=request.user)
        self.say(_("The note is deleted."))
        return self.done()


class Tags(DailyPage):
    def post(self, request: HttpRequest, conversation: Any) -> HttpResponse:
        try:
            handling.set_tags(self.call, handling.read_tags(request.POST.get("tags", "")), by=request.user)
        except handling.NotPossible as refused:
            self.warn(str(refused))
        return self.done()
