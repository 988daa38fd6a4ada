"""Why a source, or one page of it, could not be read, in an admin's words; docs/sources.md lists them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Any] = {
    # What is in the file.
    "empty": _("There is no text in it."),
    "no_text": _("It holds pictures of pages, without text. Run it through text recognition (OCR) first."),
    "encrypted": _("It is locked with a password. Save it without one and upload it again."),
    "damaged": _("It is damaged, or not what its name says. Open it, save it anew, and upload it again."),
    "wrong_type": _("It is none of the kinds that can be read: text, Markdown, CSV, Word (.docx) and PDF."),
    "too_large": _("It is larger than 20 MB. Split it, or save it without pictures."),
    "too_long": _("It holds more text than a source may have: four million characters, or 20,000 passages."),
    "bomb": _("It unpacks to far more than its size, as no document does. It was not read."),
    "too_much": _("Reading it took more memory or time than a document may take."),
    "too_slow": _("Reading it took longer than two minutes."),
    "too_many": _("With it, the sources of this project would hold more than 20,000 passages. Delete one first."),
    # Where it is.
    "robots": _("The site asks robots not to read it (robots.txt, or a mark on the page)."),
    "sign_in": _("It needs a sign-in."),
    "not_found": _("There is no such page."),
    "server_error": _("The site answered with an error."),
    "not_a_page": _("There is no web page at this address, but something else."),
    "no_pages": _("No page with text was found there."),
    "ADDRESS": _("This is not an address that can be read."),
    "HTTPS_ONLY": _("The address must start with https://."),
    "PRIVATE": _("The address leads into a private network."),
    "UNKNOWN_NAME": _("No site with this name was found."),
    "UNREACHABLE": _("The site cannot be reached."),
    "CERTIFICATE": _("The site’s certificate is not valid."),
    "REDIRECTS": _("The page leads on and on to others."),
    "TOO_SLOW": _("The site did not answer in time."),
    "NOT_HTTP": _("What answers there is no web server."),
    # Ours.
    "no_encoder": _("The files that sentences are compared with are not installed on this server."),
    "lost": _("Something went wrong on this server. Read it again."),
}
PASSING = frozenset({"server_error", "UNREACHABLE", "TOO_SLOW", "UNKNOWN_NAME", "too_slow", "too_much"})  # may pass


def told(reason: str) -> str:
    return str(REASONS.get(reason, REASONS["lost"]))


class SourceProblem(Exception):
    """A source, or a page of it, cannot be read. `reason` is one of REASONS."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
