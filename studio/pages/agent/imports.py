"""A file that is about to change the draft: read, shown as differences, kept for half an hour, then taken in or not."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from agents.authoring.csv_tables import BYTES_MOST, BadTable
from studio.pages.agent.differences import Difference
from studio.pages.agent.publishing import AgentPage

KEPT_S = 1800
PROBLEMS_SHOWN = 12
CHANGES_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What the file would do, in numbers and one by one."""

    added: int
    changed: int
    same: int
    changes: list[Difference]


class ImportPage(AgentPage):
    """Send a file, look at what it changes, confirm."""

    body_most = BYTES_MOST + 1024 * 1024  # one a little too large is told so on the page
    template_name = "studio/import.html"
    permission = "agent.edit"
    back_to: str = ""
    export: str = ""
    help: Any = ""
    columns: list[tuple[str, Any]] = []

    def read(self, content: bytes) -> list[dict[str, Any]]:
        """The rows of a file. Raises BadTable."""
        raise NotImplementedError

    def preview(self, rows: list[dict[str, Any]]) -> Preview:
        """What they would change now. Raises BadTable."""
        raise NotImplementedError

    def take_in(self, rows: list[dict[str, Any]]) -> str:
        """Change the draft; what was done, in words."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        return {
            "back_url": self.address(self.back_to),
            "export_url": self.address(self.export),
            "help": self.help,
            "columns": self.columns,
        }

    def post(self, request: HttpRequest) -> HttpResponse:
        if "token" in request.POST:
            return self._confirmed(request.POST["token"])
        file = request.FILES.get("file")
        if file is None:
            return self._refused([_("Choose a file first.")])
        if file.size > BYTES_MOST:
            return self._refused([_("The file is larger than 10 MB.")])
        try:
            rows = self.read(file.read())
            preview = self.preview(rows)
        except BadTable as bad:
            return self._refused(bad.problems)
        token = secrets.token_urlsafe(16)
        cache.set(self._key(token), rows, KEPT_S)
        return self.page(
            self.template_name,
            **self.context(),
            token=token,
            file_name=file.name,
            preview=preview,
            shown=preview.changes[:CHANGES_SHOWN],
            more=max(0, len(preview.changes) - CHANGES_SHOWN),
        )

    def _confirmed(self, token: str) -> HttpResponse:
        key = self._key(token[:64])
        rows = cache.get(key)
        if rows is None:
            return self._refused(
                [_("That was more than half an hour ago. Choose the file again; nothing was changed.")]
            )
        try:
            said = self.take_in(rows)
        except ValueError as error:
            return self._refused(str(error).splitlines())
        cache.delete(key)
        return self.kept(said, self.back_to)

    def _refused(self, problems: list[str]) -> HttpResponse:
        shown = problems[:PROBLEMS_SHOWN]
        return self.page(
            self.template_name,
            status=422,
            **self.context(),
            problems=shown,
            more_problems=len(problems) - len(shown),
        )

    def _key(self, token: str) -> str:
        return f"import:{self.back_to}:{self.project.pk}:{self.request.user.pk}:{token}"


def download(content: bytes, name: str) -> HttpResponse:
    """A CSV file for the reader's computer."""
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
