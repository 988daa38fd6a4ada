"""Views of one's own above the list of conversations: the filters of an address, kept under a name."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from calling.record import saved_views
from calling.record.handling import NotPossible
from studio.pages.base import back
from studio.pages.calls import chips
from studio.pages.calls.conversations import ConversationsPage
from studio.pages.given import number


class Views(ConversationsPage):
    """Save what the list is narrowed to now, or give a view another name, or delete it. Whoever reads may."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        given = request.POST
        view = number(given.get("view", "")) or 0
        try:
            match given.get("do"):
                case "save":
                    kept = saved_views.save(self.member, given.get("name", ""), self.chosen)
                    self.say(_("“%s” stands above the list now. Nobody else sees it.") % kept.name)
                    return redirect(f"{self.address('conversations')}?{chips.query(self.chosen)}")
                case "rename":
                    kept = saved_views.rename(self.member, view, given.get("name", ""))
                    self.say(_("The view is called “%s” now.") % kept.name)
                case "delete":
                    self.say(_("The view “%s” is deleted.") % saved_views.delete(self.member, view))
        except NotPossible as refused:
            self.warn(str(refused))
        return back(self, "conversations")
