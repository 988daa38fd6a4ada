"""One conversation: what was said on one time axis, the sound of it, and everything it ran on."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from calling import views
from calling.models import Conversation, Recording
from calling.record import actions, end_reasons
from studio.pages.base import ProjectPage
from studio.pages.calls import transcript
from studio.pages.calls import wording as telling
from studio.pages.calls.waves import flat
from studio.templatetags.console import duration, when

# An answer slower than this is marked: people start to wonder whether anybody is there.
SLOW_MS = 1500


class ConversationPage(ProjectPage):
    permission = "conversations.read"
    menu = "conversations"

    @cached_property
    def call(self) -> Conversation:
        rows = Conversation.objects.filter(project=self.project).defer("agent_state")
        return get_object_or_404(
            rows.select_related("widget", "version", "consent__text", "recording"), pk=self.kwargs["conversation"]
        )


class OneConversation(ConversationPage):
    template_name = "studio/conversation.html"

    def context(self) -> dict[str, Any]:
        call = self.call
        said = telling.said_in([call.pk])[call.pk]
        personal = self.may("conversations.personal")
        row = telling.row(call, said, words=personal)
        recording: Recording | None = getattr(call, "recording", None)
        peaks = recording.peaks if recording and recording.status == Recording.Status.READY else None
        return {
            "title": row.title,
            "call": call,
            "row": row,
            "unanswered": said.unanswered,
            "sentence": self._sentence(call),
            "topics": self._topics(said.topics),
            "personal": personal,
            "part": transcript.part(call, self.request.GET.get("part"), peaks) if personal else None,
            "recording": recording,
            "wave": flat(peaks) if peaks and personal else None,
            "cause": telling.cause(call),
            "reason": end_reasons.reason(call.error_code),
            "sound": self._sound(call),
            "voice": self._voice(call),
            "running": call.ended_at is None,
            "preparing": bool(recording and recording.status in (Recording.Status.SPOOLING, Recording.Status.ENCODING)),
            "consent": consent_parts(call),
            "may_delete": self.may("conversations.delete"),
            "may_add": self.may("agent.edit"),
            "may_rehearse": personal and self.may("agent.edit") and call.ended_at is not None,
            "sees_widgets": self.may("widgets.read"),
            "sees_versions": self.may("versions.read"),
            "slow_ms": SLOW_MS,
        }

    def _sound(self, call: Conversation) -> str:
        measured = call.events.filter(name="sound").order_by("-id").first()
        return end_reasons.sound(measured.data) if measured else ""

    def _voice(self, call: Conversation) -> str:
        """The voice of the version that answered."""
        from agents.speech.providers import registry  # brings the speech libraries along

        key = call.version.config["agent"]["voice"] if call.version else ""
        return registry.PROVIDERS["voice"][key].label if key in registry.PROVIDERS["voice"] else key

    def _topics(self, names: list[str]) -> dict[str, int]:
        """The topics that answered and are still there, for who may open them."""
        rows = self.project.topics.filter(name__in=names) if self.may("agent.read") else self.project.topics.none()
        return dict(rows.values_list("name", "pk"))

    def _sentence(self, call: Conversation) -> str:
        where = call.widget_name or _("a widget")
        if call.channel == Conversation.CHAT:
            said = {"agent": self.project.agent.name, "where": where, "when": when(call.started_at)}
            if call.ended_at is None:
                return _("A visitor writes with %(agent)s by %(where)s.") % said
            return _("A visitor wrote with %(agent)s by %(where)s %(when)s.") % said
        if call.ended_at is None:
            return _("A visitor is talking with %(agent)s by %(where)s.") % {
                "agent": self.project.agent.name,
                "where": where,
            }
        said = {"where": where, "when": when(call.started_at), "length": duration(call.talked_s)}
        if call.answered_at is None:
            return _("A visitor called %(where)s %(when)s, and no connection came up.") % said
        return _("A visitor called %(where)s %(when)s and talked for %(length)s.") % said


class Sound(ConversationPage):
    """The recording, with ranges, for those who may hear it."""

    permission = "conversations.personal"

    def get(self, request: HttpRequest, conversation: Any) -> HttpResponseBase:
        return views.recording(request, self.call.pk)


class Delete(ConversationPage):
    write_permission = "conversations.delete"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, conversation: Any) -> HttpResponse:
        reference = self.call.reference
        actions.delete_conversation(self.call, by=request.user)
        self.say(_("Conversation %s and its recording are deleted.") % reference)
        return self.to("conversations")


def consent_parts(call: Conversation) -> list[dict[str, str]]:
    """The exact words that were agreed to, cut at the places of the links: {text} or {text, url}."""
    if not call.consent:
        return []
    wording = call.consent.text
    parts = [{"text": wording.text, "url": ""}]
    for link in wording.links:
        place = "{" + link.get("key", "") + "}"
        cut: list[dict[str, str]] = []
        for part in parts:
            pieces = part["text"].split(place) if not part["url"] else [part["text"]]
            for number, piece in enumerate(pieces):
                if number:
                    cut.append({"text": link["label"], "url": link["url"]})
                cut.append({"text": piece, "url": part["url"]})
        if not any(part["url"] == link["url"] for part in cut):  # it stood behind the text
            cut += [{"text": " ", "url": ""}, {"text": link["label"], "url": link["url"]}]
        parts = cut
    return [part for part in parts if part["text"]]
