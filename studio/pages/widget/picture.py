"""The agent's picture, uploaded beside the draft: redrawn, kept, and shown once a saved draft names it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from studio.pages.widget.base import WidgetPage
from widgets.admission import limits
from widgets.card import pictures, redraw

A_MINUTE = 20


class Picture(WidgetPage):
    """The file itself is the body of the request, so that what is too large is refused before it is read."""

    body_most = redraw.BYTES_MOST + 64 * 1024
    http_method_names = ["post"]

    def post(self, request: HttpRequest, widget: int) -> HttpResponse:
        if not limits.within("picture-upload", f"user-{request.user.pk}", A_MINUTE):
            return self._problem(_("That was a lot at once. Wait a minute, then go on."), 429)
        try:
            if int(request.headers.get("Content-Length") or 0) > redraw.BYTES_MOST:
                raise redraw.too_large()
            kept = pictures.keep(self.widget, request.read(redraw.BYTES_MOST + 1), by=request.user)
        except redraw.BadPicture as bad:
            return self._problem(str(bad), 422)
        return JsonResponse({"picture": kept.digest, "address": pictures.address(kept.digest)})

    def _problem(self, words: str, status: int) -> JsonResponse:
        return JsonResponse({"problem": words}, status=status)
