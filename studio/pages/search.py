"""Search: pages, topics, widgets, and a conversation by its reference. Answers as one types."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from calling.models import Conversation
from studio.pages.base import MENU, ProjectPage
from studio.pages.widget.base import widgets_of

EACH_MOST = 6
LETTERS_MOST = 80

# What people look for by name and find inside a page: its heading, the page, and words for it.
PLACES = [
    (
        gettext_lazy("Consent and recording"),
        "widget_content#part-consent",
        gettext_lazy("disclaimer privacy policy terms law"),
    ),
    (gettext_lazy("Languages of the card"), "widget_content", gettext_lazy("translate german french")),
    (gettext_lazy("Colour, picture and button"), "widget_styling", gettext_lazy("logo theme dark launcher style")),
    (gettext_lazy("Domains"), "domains", gettext_lazy("site website allow refused turned away")),
    (gettext_lazy("Tag and guides"), "widget_embed", gettext_lazy("script embed install code wordpress shopify wix")),
    (gettext_lazy("Test link and call page"), "widget_share", gettext_lazy("passphrase qr share colleague")),
    (gettext_lazy("Limits, archive and deletion"), "widget_settings", gettext_lazy("variant calls off switch")),
    (gettext_lazy("Environment of a widget"), "widget_styling", gettext_lazy("live sandbox who hears")),
    (gettext_lazy("Promote and roll back"), "versions", gettext_lazy("publish live sandbox pre-release history")),
    (gettext_lazy("Speed and patience"), "voice", gettext_lazy("interruption pause slow fast speak")),
    (gettext_lazy("Invite somebody"), "members", gettext_lazy("invitation role permission team")),
    (gettext_lazy("Delete the project"), "project_settings", gettext_lazy("remove rename")),
]


class Search(ProjectPage):
    """JSON: groups of {label, url, note}. Only what the person may open."""

    permission = "project.read"
    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = request.GET.get("q", "").strip()[:LETTERS_MOST]
        groups = [
            (_("Pages"), self._pages(asked)),
            (_("Inside the pages"), self._places(asked)),
            (_("Topics"), self._topics(asked)),
            (_("Widgets"), self._widgets(asked)),
            (_("Conversations"), self._conversations(asked)),
        ]
        return JsonResponse({"groups": [{"heading": heading, "rows": rows} for heading, rows in groups if rows]})

    def _pages(self, asked: str) -> list[dict[str, str]]:
        entries = [entry for _heading, entries in MENU for entry in entries if self.may(entry.permission)]
        found = [
            {"label": str(entry.label), "url": self.address(entry.key), "icon": entry.icon, "note": ""}
            for entry in entries
            if asked.lower() in str(entry.label).lower()
        ]
        return found if asked else found[:EACH_MOST]

    def _places(self, asked: str) -> list[dict[str, str]]:
        """Settings by name; those of widgets lead to the one that was edited last."""
        named = [place for place in PLACES if asked and asked.lower() in f"{place[0]} {place[2]}".lower()]
        widget = None
        if named and self.may("widgets.read"):
            widget = widgets_of(self.project).filter(archived_at=None).order_by("-updated_at").first()
        permissions = {entry.key: entry.permission for _heading, entries in MENU for entry in entries}
        found = []
        for label, place, _words in named:
            key, sign, part = place.partition("#")
            if key in permissions and self.may(permissions[key]):
                found.append({"label": str(label), "url": self.address(key) + sign + part, "icon": "gear", "note": ""})
            elif key not in permissions and widget:
                url = self.address(key, widget=widget.pk) + sign + part
                found.append({"label": str(label), "url": url, "icon": "gear", "note": widget.name})
        return found[:EACH_MOST]

    def _topics(self, asked: str) -> list[dict[str, str]]:
        if not asked or not self.may("agent.read"):
            return []
        named = self.project.topics.filter(name__icontains=asked)[:EACH_MOST]
        rows = [
            {"label": topic.name, "url": self.address("topic", topic=topic.pk), "icon": "book", "note": ""}
            for topic in named
        ]
        if len(rows) < EACH_MOST:
            inside = self.project.topics.filter(content__icontains=asked).exclude(name__icontains=asked)
            rows += [
                {
                    "label": topic.name,
                    "url": self.address("topic", topic=topic.pk),
                    "icon": "book",
                    "note": around(topic.content, asked),
                }
                for topic in inside[: EACH_MOST - len(rows)]
            ]
        return rows

    def _widgets(self, asked: str) -> list[dict[str, str]]:
        if not asked or not self.may("widgets.read"):
            return []
        found = widgets_of(self.project).filter(name__icontains=asked).order_by("name")
        return [
            {
                "label": one.name,
                "url": self.address("widget_styling", widget=one.pk),
                "icon": "chat" if one.kind == "chat" else "phone",
                "note": "",
            }
            for one in found[:EACH_MOST]
        ]

    def _conversations(self, asked: str) -> list[dict[str, Any]]:
        if len(asked) < 3 or not self.may("conversations.read"):
            return []
        found = Conversation.objects.filter(project=self.project, reference__istartswith=asked)
        return [
            {
                "label": one.reference,
                "url": self.address("conversation", conversation=one.pk),
                "icon": "chat",
                "note": one.widget_name,
            }
            for one in found.only("reference", "widget_name").order_by("-started_at")[:EACH_MOST]
        ]


def around(text: str, asked: str, letters: int = 40) -> str:
    """The words of a text around what was asked for."""
    at = text.lower().find(asked.lower())
    start, end = max(0, at - letters), at + len(asked) + letters
    return ("…" if start else "") + text[start:end].strip() + ("…" if end < len(text) else "")
