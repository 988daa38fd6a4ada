"""One conversation: what was said on one time axis, the sound of it, and everything it ran on."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from calling import views
from calling.models import Chat, Conversation, Identity, Recording
from calling.record import actions, end_reasons, retention
from studio.pages.base import ProjectPage
from studio.pages.calls import filters, transcript, why
from studio.pages.calls import wording as telling
from studio.pages.calls.consent import consent_parts
from studio.pages.calls.waves import flat, quiet
from studio.templatetags.console import duration, when

# An answer slower than this is marked: people start to wonder whether anybody is there.
SLOW_MS = 1500
SPEEDS = ("0.75", "1", "1.25", "1.5", "2")


class ConversationPage(ProjectPage):
    permission = "conversations.read"
    menu = "conversations"

    @cached_property
    def call(self) -> Conversation:
        rows = Conversation.objects.filter(project=self.project).defer("agent_state")
        return get_object_or_404(
            rows.select_related("widget", "version", "consent__text", "recording", "handled_by"),
            pk=self.kwargs["conversation"],
        )


class OneConversation(ConversationPage):
    """The page itself. It is read when a reader's browser says that it was shown: looking changes nothing."""

    template_name = "studio/conversation.html"

    def context(self) -> dict[str, Any]:
        call = self.call
        said = telling.said_in([call.pk])[call.pk]
        personal = self.may("conversations.personal")
        row = telling.row(call, said, words=personal)
        recording: Recording | None = getattr(call, "recording", None)
        narrowed = filters.chosen(self.request.GET, self.project)
        newer, older = filters.neighbours(filters.found(self.project, narrowed, personal), call)
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
            "why": why.of_turn(call, self.request.GET.get("why")) if personal else None,
            "recording": recording,
            "wave": flat(peaks) if peaks and personal else None,
            "quiet": quiet(peaks) if peaks and personal else None,
            "cause": telling.cause(call),
            "reason": end_reasons.reason(call.error_code),
            "speeds": [(speed, f"{number_format(Decimal(speed))}×") for speed in SPEEDS],
            "sound": self._sound(call),
            "voice": self._voice(call),
            "vouched": self._vouched(call),
            "identity": Identity.objects.filter(pk=call.pk).first() if personal else None,
            "running": call.ended_at is None,
            "preparing": bool(recording and recording.status in (Recording.Status.SPOOLING, Recording.Status.ENCODING)),
            "consent": consent_parts(call),
            "newer": newer,
            "older": older,
            "query": urlencode({name: value for name, value in narrowed.items() if value}),
            "may_handle": self.may("conversations.handle") and call.ended_at is not None,
            "notes": self._notes(call) if personal else None,
            "tags": list(call.tags.all()),
            "known_tags": self.project.tags.values_list("name", flat=True),
            "kept": self._kept(call, recording),
            "may_delete": self.may("conversations.delete"),
            "may_add": self.may("agent.edit"),
            "may_rehearse": personal and self.may("agent.edit") and call.ended_at is not None,
            "sees_widgets": self.may("widgets.read"),
            "sees_versions": self.may("versions.read"),
            "slow_ms": SLOW_MS,
        }

    def _notes(self, call: Conversation) -> list[dict[str, Any]]:
        """Newest last. Whoever wrote one may take it back, and whoever may delete the whole conversation."""
        may_delete = self.may("conversations.delete")
        mine = self.request.user.pk
        return [{"note": note, "may_delete": may_delete or note.by_id == mine} for note in call.notes.all()]

    def _kept(self, call: Conversation, recording: Recording | None) -> dict[str, Any]:
        """Until when it is kept, and its sound where that goes first."""
        whole = retention.ends(call, self.project.conversations_days)
        sound = retention.ends(call, self.project.recordings_days) if recording else None
        return {"until": whole, "sound_until": sound if sound and (whole is None or sound < whole) else None}

    def _sound(self, call: Conversation) -> str:
        measured = call.events.filter(name="sound").order_by("-id").first()
        return end_reasons.sound(measured.data) if measured else ""

    @staticmethod
    def _vouched(call: Conversation) -> bool | None:
        """Whether a chat's site vouched for its visitor; None where nothing was told of them, and in calls."""
        chat = Chat.objects.filter(conversation=call).first()
        if chat is None or not (chat.page or chat.vault is not None):
            return None
        return chat.vault is not None

    def _voice(self, call: Conversation) -> str:
        """The voice of the version that answered."""
        from agents.speech.providers import table  # brings the speech libraries along

        agent = call.version.config["agent"] if call.version else {}
        if named := agent.get("services", {}).get("voice", {}).get("name"):
            return str(named)
        key = agent.get("voice", "")
        return table.PROVIDERS["voice"][key].label if key in table.PROVIDERS["voice"] else key

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
        """A look at a page changes nothing; whoever gets sound of a visitor is noted, however they ask for it."""
        answer = views.recording(request, self.call.pk)
        if answer.streaming:
            actions.note_listening(self.call, request.user, taken="download" in request.GET)
        return answer


class Delete(ConversationPage):
    write_permission = "conversations.delete"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, conversation: Any) -> HttpResponse:
        reference = self.call.reference
        actions.delete_conversation(self.call, by=request.user)
        self.say(_("Conversation %s and its recording are deleted.") % reference)
        return self.to("conversations")
