"""The sentences an agent says of its own accord, by language."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Phrases:
    silence: tuple[str, ...]  # one after the other; the last one is repeated
    silence_goodbye: str
    not_heard: str  # the words of what the visitor said do not come
    muted_goodbye: str
    microphone_goodbye: str
    time_limit: str
    failure: str
    ask_one: str  # {0}: a topic's name
    ask_two: str  # {0}, {1}: two topics' names
    ask_again: str  # the answer to "no"
    did_you_say: str  # {0}: the words that were made out
    say_it_again: str  # the answer to "no" then
    not_heard_well: str  # the same where there is nothing to say back
    only_this_language: str  # another one was heard
    lead: str  # {0}: a topic's name, {1}: its answer
    as_said: str  # {0}: an answer that was given just before
    no_more: str  # … and nothing is known beyond it
    unknown: str
    unknown_again: str
    unknown_next: str  # behind either, where no messages are taken …
    message_offer: str  # … and where they are
    change: str  # something is to be changed or called off, and there is no topic for it …
    change_offer: str  # … with a message
    message_begin: str
    message_name: str
    message_thanks: str  # {0}: the visitor's name
    message_number: str
    message_no_number: str
    message_text: str
    message_check: str  # {0}: name and what follows of the next two
    message_has_number: str
    message_has_text: str
    message_fix: str
    message_kept: str
    message_kept_only: str  # … where there is no number to get back on
    message_stopped: str
    hello: str
    told_new: str  # the visitor told that they are new to this …
    told: str  # … or something else that asks nothing
    thanks: str
    anything_else: str
    goodbye: str
    go_on: str  # the visitor said yes to "anything else"
    nothing_yet: str  # "repeat that" before anything was said
    who: str  # {0}: the agent's name
    robot: str  # {0}: the agent's name
    able: str  # {0}: some of what there is to be asked about
    complaint: str  # before the offer of a message
    human: str
    human_message: str  # the same, with a message offered
    way_phone: str  # somebody else helps: by telephone …
    way_link: str  # … or on a page, which is shown
    way_title: str  # what that page is called
    way_message: str  # behind it
    greeting: str  # {0}: the agent's name; where the language has no greeting of the author's
    language_asked: str  # the visitor asked for this language
    language_heard: str  # the visitor spoke it
    language_only: str  # {0}: the languages that the agent speaks
    language_offer: str  # {0}: the only language that there is an answer in
    both: str  # between two of a list


_ENGLISH = Phrases(
    silence=(
        "Are you still there?",
        "I cannot hear you. Please say something if you are there.",
        "I still cannot hear you. Is your microphone on?",
    ),
    silence_goodbye="I cannot hear anybody, so I will end this call. Goodbye.",
    not_heard="I am sorry, I could not make that out yet. Could you say it again?",
    muted_goodbye="You have been muted for a long time, so I will end this call. Goodbye.",
    microphone_goodbye="I have had no sound from your microphone for a long time, so I will end this call. Goodbye.",
    time_limit="I am sorry, but this call has reached its longest time, so I have to end it here. Goodbye.",
    failure="I am sorry, something went wrong on our side, and I have to end this call. Please try again later.",
    ask_one="Do you mean {0}?",
    ask_two="Do you mean {0}, or {1}?",
    ask_again="All right. What would you like to know?",
    did_you_say="Did you say: {0}?",
    say_it_again="All right. Please say it again.",
    only_this_language="I am sorry, I only speak English. Could you say it again in English?",
    not_heard_well="I am sorry, I did not hear that well. Could you say it again?",
    lead="If you mean {0}: {1}",
    as_said="As I said: {0}",
    no_more="More than that I do not know.",
    unknown="I am sorry, I do not know that.",
    unknown_again="I am afraid I cannot answer that either.",
    unknown_next="What else can I help you with?",
    message_offer="Shall I take a message, so that somebody gets back to you?",
    change="I am sorry, I cannot change that from here.",
    change_offer="Shall I pass it on, so that somebody sees to it?",
    message_begin="Of course.",
    message_name="What is your name?",
    message_thanks="Thank you, {0}.",
    message_number="Which number can we reach you on?",
    message_no_number="I did not get a number. Please say it digit by digit.",
    message_text="And what is your message?",
    message_check="I have: {0}. Is that right?",
    message_has_number="number {0}",
    message_has_text="message: {0}",
    message_fix="What is wrong: the name, the number, or the message?",
    message_kept="Thank you. Your message is kept, and somebody will get back to you. Is there anything else?",
    message_kept_only="Thank you. Your message is kept, and somebody will read it. Is there anything else?",
    message_stopped="All right, no message then. What else can I help you with?",
    hello="Hello! How can I help you?",
    told_new="That is no problem. What would you like to know?",
    told="I see. What would you like to know?",
    anything_else="Is there anything else?",
    thanks="You are welcome. Is there anything else?",
    goodbye="Thank you for calling. Goodbye!",
    go_on="Of course. What would you like to know?",
    nothing_yet="I have not said anything yet. How can I help you?",
    who="I am {0}. How can I help you?",
    robot="I am {0}, an automated assistant. How can I help you?",
    able="You can ask me about {0}, for example. What would you like to know?",
    complaint="I am sorry to hear that.",
    human="I am an automated assistant and cannot put you through to a person. What would you like to know?",
    human_message="I am an automated assistant and cannot put you through to a person. Shall I take a message, so that "
    "somebody gets back to you?",
    way_phone="You can talk to somebody at {0}.",
    way_link="I am showing you a page where somebody helps you further.",
    way_title="Talk to somebody",
    way_message="Or shall I take a message, so that somebody gets back to you?",
    greeting="Hello, this is {0}. How can I help you?",
    language_asked="Of course, let us speak English. How can I help you?",
    language_heard="Let us speak English.",
    language_only="I am sorry, I speak {0} only.",
    language_offer="I only have an answer to that in {0}. Shall I go on in {0}?",
    both="and",
)
_GERMAN = Phrases(
    silence=(
        "Sind Sie noch da?",
        "Ich höre Sie nicht. Bitte sagen Sie etwas, wenn Sie da sind.",
        "Ich höre Sie immer noch nicht. Ist Ihr Mikrofon an?",
    ),
    silence_goodbye="Ich höre niemanden und beende deshalb das Gespräch. Auf Wiederhören.",
    not_heard="Es tut mir leid, das habe ich noch nicht verstanden. Sagen Sie es bitte noch einmal?",
    muted_goodbye="Sie sind seit Langem stumm geschaltet, deshalb beende ich das Gespräch. Auf Wiederhören.",
    microphone_goodbye="Seit Langem kommt kein Ton von Ihrem Mikrofon, deshalb beende ich das Gespräch. Auf Wiederhören.",
    time_limit="Es tut mir leid, dieses Gespräch hat seine längste Dauer erreicht, und ich muss es beenden. Auf Wiederhören.",
    failure="Es tut mir leid, bei uns ist etwas schiefgegangen, und ich muss das Gespräch beenden. Bitte versuchen Sie es "
    "später noch einmal.",
    ask_one="Meinen Sie {0}?",
    ask_two="Meinen Sie {0} oder {1}?",
    ask_again="In Ordnung. Was möchten Sie wissen?",
    did_you_say="Haben Sie gesagt: {0}?",
    say_it_again="In Ordnung. Bitte sagen Sie es noch einmal.",
    only_this_language="Es tut mir leid, ich spreche nur Deutsch. Sagen Sie es bitte noch einmal auf Deutsch?",
    not_heard_well="Es tut mir leid, das habe ich schlecht gehört. Sagen Sie es bitte noch einmal?",
    lead="Falls Sie {0} meinen: {1}",
    as_said="Wie gesagt: {0}",
    no_more="Mehr weiß ich dazu nicht.",
    unknown="Es tut mir leid, das weiß ich nicht.",
    unknown_again="Auch das kann ich leider nicht beantworten.",
    unknown_next="Womit kann ich Ihnen sonst helfen?",
    message_offer="Soll ich eine Nachricht aufnehmen, damit sich jemand bei Ihnen meldet?",
    change="Das kann ich von hier aus leider nicht ändern.",
    change_offer="Soll ich es weitergeben, damit sich jemand darum kümmert?",
    message_begin="Gern.",
    message_name="Wie ist Ihr Name?",
    message_thanks="Danke, {0}.",
    message_number="Unter welcher Nummer erreichen wir Sie?",
    message_no_number="Ich habe keine Nummer verstanden. Bitte sagen Sie sie Ziffer für Ziffer.",
    message_text="Und wie lautet Ihre Nachricht?",
    message_check="Ich habe notiert: {0}. Ist das richtig?",
    message_has_number="Nummer {0}",
    message_has_text="Nachricht: {0}",
    message_fix="Was stimmt nicht: der Name, die Nummer oder die Nachricht?",
    message_kept="Danke. Ihre Nachricht ist notiert, und es meldet sich jemand bei Ihnen. Kann ich sonst noch etwas tun?",
    message_kept_only="Danke. Ihre Nachricht ist notiert, und jemand liest sie. Kann ich sonst noch etwas tun?",
    message_stopped="In Ordnung, dann keine Nachricht. Womit kann ich Ihnen sonst helfen?",
    hello="Guten Tag! Wie kann ich Ihnen helfen?",
    told_new="Das macht nichts. Was möchten Sie wissen?",
    told="Verstehe. Was möchten Sie wissen?",
    anything_else="Kann ich sonst noch etwas für Sie tun?",
    thanks="Gern geschehen. Kann ich sonst noch etwas für Sie tun?",
    goodbye="Danke für Ihren Anruf. Auf Wiederhören!",
    go_on="Natürlich. Was möchten Sie wissen?",
    nothing_yet="Ich habe noch nichts gesagt. Wie kann ich Ihnen helfen?",
    who="Ich bin {0}. Wie kann ich Ihnen helfen?",
    robot="Ich bin {0}, eine automatische Assistenz. Wie kann ich Ihnen helfen?",
    able="Sie können mich zum Beispiel etwas über {0} fragen. Was möchten Sie wissen?",
    complaint="Das tut mir leid.",
    human="Ich bin eine automatische Assistenz und kann Sie nicht verbinden. Was möchten Sie wissen?",
    human_message="Ich bin eine automatische Assistenz und kann Sie nicht verbinden. Soll ich eine Nachricht aufnehmen, damit "
    "sich jemand bei Ihnen meldet?",
    way_phone="Sie erreichen jemanden unter {0}.",
    way_link="Ich zeige Ihnen eine Seite, auf der Ihnen jemand weiterhilft.",
    way_title="Mit jemandem sprechen",
    way_message="Oder soll ich eine Nachricht aufnehmen, damit sich jemand bei Ihnen meldet?",
    greeting="Guten Tag, hier ist {0}. Wie kann ich Ihnen helfen?",
    language_asked="Gern, sprechen wir Deutsch. Wie kann ich Ihnen helfen?",
    language_heard="Gern auf Deutsch.",
    language_only="Es tut mir leid, ich spreche nur {0}.",
    language_offer="Dazu habe ich nur eine Antwort auf {0}. Soll ich auf {0} weitersprechen?",
    both="und",
)
_BY_LANGUAGE = {"en": _ENGLISH, "de": _GERMAN}
# The same agent in writing: nobody called, and nothing is heard.
_WRITTEN = {
    "en": replace(
        _ENGLISH,
        failure="I am sorry, something went wrong on our side. Please send that again.",
        message_no_number="I did not find a number in that. Please write it in digits.",
        goodbye="Thank you for writing. Goodbye!",
        nothing_yet="I have not written anything yet. How can I help you?",
    ),
    "de": replace(
        _GERMAN,
        failure="Es tut mir leid, bei uns ist etwas schiefgegangen. Bitte schicken Sie das noch einmal.",
        message_no_number="Darin habe ich keine Nummer gefunden. Bitte schreiben Sie sie in Ziffern.",
        goodbye="Danke für Ihre Nachricht. Auf Wiedersehen!",
        nothing_yet="Ich habe noch nichts geschrieben. Wie kann ich Ihnen helfen?",
    ),
}


def has_own(language: str) -> bool:
    """Whether an agent has sentences of its own in that language."""
    return language.split("-")[0].lower() in _BY_LANGUAGE


def phrases(language: str, *, written: bool = False) -> Phrases:
    """The sentences of a language, to be said or to be read; English where there are none yet."""
    sentences = _WRITTEN if written else _BY_LANGUAGE
    return sentences.get(language.split("-")[0].lower(), sentences["en"])
