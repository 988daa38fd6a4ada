"""Notices: what somebody ought to know without looking for it, day by day, and whether it comes by e-mail, too."""

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calling.models import Notice
from calling.record import notices
from studio.pages.base import ProjectPage
from studio.pages.calls import notice_words

ROWS = 30


class NoticesPage(ProjectPage):
    permission = "project.read"
    template_name = "studio/notices.html"
    menu = "notices"
    title = gettext_lazy("Notices")

    def context(self) -> dict[str, Any]:
        page = Paginator(notices.for_member(self.member), ROWS).get_page(self.request.GET.get("page"))
        seen = self.member.notices_seen_at
        return {
            "page": page,
            "rows": [self._row(row) | {"new": seen is None or row.last_at > seen} for row in page.object_list],
            "sends_email": settings.SENDS_EMAIL,
            "by_mail": notices.by_mail(self.member),
            "address": self.request.user.email,
        }

    def _row(self, row: Notice) -> dict[str, Any]:
        """A day's notice as a sentence, with what is known of it, and where to go on."""
        told = {"notice": row, "what": notice_words.sentence(row), "why": notice_words.why(row), "way": "", "go": ""}
        match row.kind:
            case Notice.Kind.FAILED:
                return told | {"way": self.address("conversations") + "?result=failed", "go": _("Look at them")}
            case Notice.Kind.QUESTIONS if self.may("conversations.personal"):
                return told | {"way": self.address("questions"), "go": _("See the questions")}
            case Notice.Kind.REFUSED:
                return told | {"way": self.address("web_calling"), "go": _("Open Web Calling")}
        return told


class Notices(NoticesPage):
    http_method_names = ["get", "head"]


class Seen(NoticesPage):
    """Said by the page that showed them: looking changes nothing."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        notices.mark_seen(self.member)
        if request.headers.get("Accept") == "text/x-part":
            return HttpResponse(status=204)
        return self.to("notices")


class ByMail(NoticesPage):
    """For oneself alone: the others choose for themselves."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = "wanted" in request.POST
        notices.choose_mail(self.member, wanted)
        self.say(_("You get notices by e-mail, once a day.") if wanted else _("You get no notices by e-mail."))
        return self.to("notices")
