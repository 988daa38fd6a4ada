"""Home: what visitors hear, the day in a sentence, what is left to set up, and the latest conversations."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Avg, Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agents.authoring import publish
from agents.brains import snapshot
from agents.models import Deployment, Environment
from calling.models import Conversation
from studio.pages import charts, timeline, truth
from studio.pages.base import ProjectPage
from studio.pages.calls import wording
from studio.pages.widget.base import widgets_of
from studio.templatetags.console import duration
from widgets import domains
from widgets.install import heard
from widgets.models import Kind, Widget

RECENT = 5
SENTENCES_SHOWN = 4
PERIODS = {"1": gettext_lazy("Today"), "7": gettext_lazy("7 days"), "30": gettext_lazy("30 days")}


class Home(ProjectPage):
    permission = "project.read"
    template_name = "studio/home.html"
    menu = "home"
    title = gettext_lazy("Home")

    def context(self) -> dict[str, Any]:
        calls = Conversation.objects.filter(project=self.project)
        real = calls.filter(is_test=False)
        widgets = widgets_of(self.project).defer("draft", "published")
        running = publish.deployments(self.project)
        ways = heard.ways_in(self.project)
        first_call = calls.order_by("started_at").values_list("started_at", flat=True).first()
        steps = self._steps(running, widgets, first_call, ways)
        return {
            "greeting": self._greeting(),
            "heard": self._heard(ways, running),
            "not_heard": self._not_heard(ways, running),
            "day": self._period(real),
            "steps": steps,
            "done": sum(step["done"] for step in steps),
            "rows": self._recent(calls),
            "has_calls": first_call is not None and self.may("conversations.read"),
            "sees_agent": self.may("agent.read"),
            "may_edit": self.may("agent.edit") and self.may("widgets.edit"),
        }

    def _recent(self, calls: Any) -> list[wording.Row]:
        if not self.may("conversations.read"):
            return []
        newest = calls.defer("agent_state").order_by("-started_at")[:RECENT]
        return wording.rows(newest, words=self.may("conversations.personal"))

    def _greeting(self) -> str:
        hour = timezone.localtime().hour
        user = self.request.user
        name = user.get_short_name() or user.get_username()
        if hour < 5 or hour >= 18:
            return _("Good evening, %s") % name
        return (_("Good morning, %s") if hour < 12 else _("Good afternoon, %s")) % name

    def _heard(self, ways: list[heard.WayIn], running: dict[str, Deployment]) -> list[dict[str, Any]]:
        """Who hears what, with the first words and since when; and what about it is not as it should be."""
        outside = [way.widget.pk for way in ways if way.environment != Environment.LIVE and way.kind == "sites"]
        called = truth.strangers(self.project, outside)
        told = []
        for sentence in heard.sentences(ways):
            away = [way.widget for way in sentence.ways if way.environment != Environment.LIVE and way.kind == "sites"]
            told.append(
                {
                    "sentence": sentence,
                    "deployment": running.get(sentence.environment),
                    "away": away[0] if away else None,
                    "strangers": sum(called.get(widget.pk, 0) for widget in away),
                }
            )
        if told and told[0]["deployment"]:
            told[0]["first_words"] = self._first_words(told[0]["deployment"], told[0]["sentence"].ways[0].widget)
        return told[:SENTENCES_SHOWN]

    def _not_heard(self, ways: list[heard.WayIn], running: dict[str, Deployment]) -> list[dict[str, str]]:
        """What is ready but reaches nobody: versions in an environment that no way in leads to, and the draft."""
        used = {way.environment for way in ways}
        numbers = {way.number for way in ways}
        rows = []
        for environment, row in sorted(running.items()):
            if environment not in used and row.version.number not in numbers:
                where = row.get_environment_display()
                words = (
                    _("In %s, for you to try") if environment == Environment.SANDBOX else _("In %s, where no widget is")
                )
                rows.append({"what": _("Version %d") % row.version.number, "where": words % where})
        if self.may("agent.read") and self.draft.base and self.draft.differs:
            changes = self.draft.changes
            words = ngettext("%(n)d change", "%(n)d changes", changes) % {"n": changes}
            rows.append({"what": words, "where": _("In your draft")})
        return rows

    def _period(self, real: Any) -> dict[str, Any]:
        """The calls of today, or of some days up to now, in the reader's own days."""
        asked = self.request.GET.get("days", "")
        days = int(asked) if asked in PERIODS else 1
        now = timezone.localtime()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        since = midnight - timedelta(days=days - 1)
        calls = real.filter(started_at__gte=since)
        counts = self._counts(calls)
        before = real.filter(
            started_at__gte=since - timedelta(days=days), started_at__lt=timezone.now() - timedelta(days=days)
        ).count()
        return counts | {
            "days": days,
            "periods": PERIODS,
            "parts": self._parts(counts),
            "before": before,
            "written": self._written(calls),
            "chart": self._chart(days, now, midnight) if counts["calls"] > 1 else None,
        }

    def _written(self, calls: Any) -> int:
        """How many of them were chats; nothing is asked of a project that has none."""
        has_chats = self.project.widgets.filter(kind=Kind.CHAT).exists()
        return calls.filter(channel=Conversation.CHAT).count() if has_chats else 0

    def _counts(self, calls: Any) -> dict[str, Any]:
        """How they went, by what their rows tell: read along an index, so nothing of the rows themselves is asked."""
        missed, answered, runs = Q(misses__gt=0), Q(answers__gt=0), Q(ended_at=None)
        counts = calls.aggregate(
            calls=Count("*"),
            unanswered=Count(1, filter=missed),
            answered=Count(1, filter=~missed & answered),
            going_on=Count(1, filter=~missed & ~answered & runs),
            length_ms=Avg("talked_ms"),
        )
        return counts | {"length": duration(counts["length_ms"] / 1000) if counts["length_ms"] else ""}

    def _chart(self, days: int, now: datetime, midnight: datetime) -> dict[str, Any] | None:
        """The bars; nothing where no call has begun in their time."""
        spans = timeline.hours(midnight, now) if days == 1 else timeline.days(now.date(), days)
        counted = timeline.counts(self.project, spans)
        bars: Counter[Any] = Counter()
        for (start, _end), n in zip(spans, counted, strict=True):
            bars.update({start.hour if days == 1 else start.date(): n})
        found = {place: n for place, n in bars.items() if n}
        if not found:
            return None
        return charts.of_day(found, now) if days == 1 else charts.of_days(found, days, now.date())

    def _parts(self, counts: dict[str, Any]) -> list[dict[str, str]]:
        """How all of the calls went: these numbers add up to the one before them."""
        rest = counts["calls"] - counts["answered"] - counts["unanswered"] - counts["going_on"]
        open_ones = self.address("conversations") + "?result=unanswered"
        told = [
            (counts["answered"], ngettext("%(n)s got an answer", "%(n)s got their answer", counts["answered"]), ""),
            (
                counts["unanswered"],
                ngettext("%(n)s left with a question", "%(n)s left with a question", counts["unanswered"]),
                open_ones,
            ),
            (rest, _("%(n)s asked nothing or did not get through"), ""),
            (counts["going_on"], _("%(n)s still on the line"), ""),
        ]
        return [{"text": words % {"n": n}, "way": way} for n, words, way in told if n]

    @staticmethod
    def _first_words(deployment: Deployment, widget: Widget) -> str:
        """The greeting that visitors of the widget hear."""
        agent = snapshot.read(deployment.version.config)
        variant, _found = agent.variant(widget.variant_key)
        return snapshot.fill(agent.greeting, variant.attributes if variant else {})

    def _steps(
        self,
        running: dict[str, Deployment],
        widgets: QuerySet[Widget],
        first_call: datetime | None,
        ways: list[heard.WayIn],
    ) -> list[dict[str, Any]]:
        """The way to the first call, each step with its evidence, or with what to press."""
        deployed = running.get(Environment.LIVE) or running.get(Environment.SANDBOX)
        latest = list(widgets.order_by(F("seen_at").desc(nulls_last=True), "name")[:2])
        seen = latest[0] if latest and latest[0].seen_at else None
        more = widgets.count() - len(latest)
        evidence = _("Version %(n)d runs in %(where)s")
        to_tag = self.address("widget_embed", widget=latest[0].pk) if latest else ""
        return [
            {
                "done": deployed is not None,
                "what": _("Publish your agent"),
                "evidence": evidence
                % {"n": deployed.version.number, "where": deployed.get_environment_display() if deployed else ""}
                if deployed
                else _("Say who it is and what it knows, then publish to Sandbox."),
                "way": self.address("persona"),
                "go": _("Open Persona"),
            },
            {
                "done": bool(latest),
                "what": _("Create a widget"),
                "evidence": ", ".join(one.name for one in latest) + (_(" and %d more") % more if more else "")
                if latest
                else _("The button for your site: for calls, or for a chat."),
                "way": self.address("widget_add"),
                "go": _("Add widget"),
            },
            {
                "done": seen is not None,
                "what": _("Put it on your site"),
                "evidence": _("Seen on %s") % domains.readable(seen.seen_host)
                if seen
                else _("Copy one line of code into your site."),
                "moment": seen.seen_at if seen else None,
                "way": to_tag,
                "go": _("Open Embed"),
            },
            {
                "done": first_call is not None,
                "what": _("Get your first call"),
                "evidence": "" if first_call else _("Open your site and press the button."),
                "moment": first_call,
                "way": "",
                "go": "",
            },
            self._live_step(running, widgets, ways),
        ]

    def _live_step(
        self, running: dict[str, Deployment], widgets: QuerySet[Widget], ways: list[heard.WayIn]
    ) -> dict[str, Any]:
        """The last step: from whatever is published last to what somebody promoted."""
        live = [way for way in ways if way.environment == Environment.LIVE and way.number and way.kind == "sites"]
        step = {"done": bool(live), "what": _("Put the widget on Live"), "way": "", "go": ""}
        if live:
            words = _("%(widget)s answers with version %(n)d")
            return step | {"evidence": words % {"widget": live[0].widget.name, "n": live[0].number}}
        waiting = next((way.widget for way in ways if way.environment != Environment.LIVE), None) or widgets.first()
        if Environment.LIVE not in running:
            words = _("First promote a version to Live. Visitors then hear only what you promote.")
            way = self.address("versions") if running else ""
            return step | {"evidence": words, "way": way, "go": _("Promote a version")}
        if waiting is None:
            return step | {"evidence": _("Visitors then hear only what you promote.")}
        way = self.address("widget_styling", widget=waiting.pk) + "#place-live"
        return step | {
            "evidence": _("Visitors then hear only what you promote."),
            "way": way,
            "go": _("Put it on Live…"),
        }
