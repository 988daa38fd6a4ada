"""Forms over the configuration of a chat: what of its looks and words a Phone has not, or has in other words."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from studio.pages.widget.forms import ContentForm, StylingForm, lines, number, switch, text
from studio.pages.widget.languages import field_name
from widgets.card import config


class ChatStylingForm(StylingForm):
    style__agent_name = text(
        _("Agent name"),
        config.AGENT_NAME_MOST,
        _("Shown at the top and beside every answer. Leave it empty to use the name from your variant or persona."),
    )
    style__call = None
    style__brand = forms.CharField(
        label=_("Your colour"),
        required=False,
        help_text=_("For the button, suggestions and what visitors write."),
        widget=forms.TextInput(attrs={"class": "input hex", "maxlength": 7, "spellcheck": "false"}),
    )
    style__launcher_label = text(
        _("Label"), config.LAUNCHER_LABEL_MOST, _("Beside the sign. Leave it empty for a round button.")
    )
    pages__hide = lines(
        _("Not on these pages"), _("For example /checkout/*. Your own buttons work there all the same."), "/checkout/*"
    )
    chat__title = text(
        _("Title"), config.TITLE_MOST, _("The first line at the top of the card. Empty means the agent’s name.")
    )
    chat__bubble_after_s = number(_("Show the bubble after (seconds)"), config.BUBBLE_AFTER_MOST_S)
    chat__unread = switch(_("Count of unread answers"), _("A small number on the button while the card is closed."))
    chat__mode = forms.ChoiceField(
        label=_("How it opens"),
        help_text=_("“Always full screen” is for pages that are nothing but the chat, or an app’s web view."),
        choices=[("card", _("Card, full screen on phones")), ("full", _("Always full screen"))],
        widget=forms.RadioSelect,
    )
    chat__minimise = switch(_("Minimise"), _("The arrow at the top of the card."))
    chat__menu = switch(_("Menu"), _("Policies, new chat, end chat."))
    chat__restart = switch(_("Start new chat"), _("In the menu and when a chat has ended."))


class ChatContentForm(ContentForm):
    recording = None
    typing = None
    audio_to_page = None
    consent__enabled = switch(
        _("Disclaimer and consent"),
        _("A short text before the chat. Nothing can be sent before the visitor agrees."),
    )
    chat__notice = forms.ChoiceField(
        label=_("A line that a computer answers"),
        required=False,
        help_text=_("Under the field. The law of some places wants it seen at all times."),
        choices=[("never", _("Not shown")), ("first", _("Until the first message")), ("always", _("Always"))],
        widget=forms.RadioSelect,
    )
    chat__policies_at = forms.ChoiceField(
        label=_("Where"),
        required=False,
        choices=[("menu", _("In the menu")), ("field", _("Under the field"))],
        widget=forms.RadioSelect,
    )
    chat__streams = switch(
        _("Answers appear as they are written"), _("Switched off, an answer appears when it is complete.")
    )
    chat__talk = switch(
        _("Talk instead"),
        _("A button in the field: the chat goes on aloud with the same agent, and back. No sound is kept."),
    )
    hours__enabled = switch(
        _("Opening hours"), _("When visitors may write. Switched off, they may write by day and by night.")
    )
    rating = switch(
        _("Ask for a rating"), _("One to five stars and a word when a chat has ended. The conversation shows them.")
    )

    def __init__(self, draft: dict[str, Any], data: Any = None) -> None:
        super().__init__(draft, data)
        for language in config.LANGUAGES:
            for name, (label, help_text) in WORDS.items():
                field = self.fields[field_name(language, name)]
                field.label, field.help_text = label, help_text


WORDS = {
    "questions": (_("Suggestions"), _("At most three, one a line. A press sends the words.")),
}
