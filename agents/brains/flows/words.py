"""What an agent says of its own accord while it collects, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FlowWords:
    begin: str
    offer: str
    declined: str
    check: str  # {0}: everything, read back
    item: str  # {0}: name, {1}: value
    fix: str  # {0}: the names of what there is
    done: str
    done_message: str
    anything_else: str
    stopped: str
    restarted: str
    needed: str
    back: str
    no_way_back: str
    stuck: str
    not_got: dict[str, str]  # by kind
    which: str  # {0}, {1}
    which_of_many: str  # {0}: all of them, the last behind an "or"
    options: str  # {0}: all that can be chosen
    joined_or: str
    joined_and: str
    past: str  # {0}
    future: str
    closed_day: str  # {0}: the day, {1}: days
    closed_time: str  # {0}: from, {1}: to
    ahead: str
    least: str  # {0}
    most: str
    too_long: str
    length: str  # {0}: how many there should be, {1}: what was heard
    go_on: str  # {0}: what is there so far
    house: str
    day_of: str  # a week or a month is known
    hour_of: str
    whole_email: str
    year_of: str  # a birthday is known
    unseen: str  # "the number I call from"
    no_hurry: str  # "hang on, let me look"
    not_known: str  # a question in between that has no answer
    day_names: tuple[str, ...]


ENGLISH = FlowWords(
    begin="Of course.",
    offer="Shall I take that down for you now?",
    declined="All right. Is there anything else?",
    check="Let me read that back. {0}. Is that right?",
    item="{0}: {1}",
    fix="What should I change: {0}?",
    done="Thank you, I have noted everything.",
    done_message="Thank you. I have passed that on, and somebody will get back to you.",
    anything_else="Is there anything else?",
    stopped="All right, I have left that. What else can I help you with?",
    restarted="All right, from the beginning.",
    needed="I need that to go on.",
    back="All right.",
    no_way_back="That was the first question.",
    stuck="I am sorry, I do not seem to get that right.",
    not_got={
        "date": "I did not get a day.",
        "time": "I did not get a time.",
        "number": "I did not get a number.",
        "amount": "I did not get an amount.",
        "phone": "I did not get a number. Please say it digit by digit.",
        "email": "I did not get an address. Please say it with “at” and “dot”, or spell it.",
        "name": "I did not get a name.",
        "address": "I did not get an address.",
        "choice": "I did not get which one.",
        "code": "I did not get that. Please say it letter by letter.",
        "yesno": "Was that a yes or a no?",
        "text": "I did not get that.",
    },
    which="Do you mean {0}, or {1}?",
    which_of_many="Which one: {0}?",
    options="There is: {0}.",
    joined_or=" or ",
    joined_and=" and ",
    past="{0} is over already.",
    future="{0} is still to come.",
    closed_day="It cannot be {0}. Possible are {1}.",
    closed_time="It has to be between {0} and {1}.",
    ahead="{0} is too far ahead.",
    least="It has to be at least {0}.",
    most="It can be {0} at most.",
    too_long="That is too long for a number.",
    length="It should have {0} characters, and I heard {1}.",
    go_on="{0}, and then?",
    house="And the house number?",
    day_of="Which day exactly?",
    hour_of="At what time exactly?",
    whole_email="I did not get all of the address. Please say it once more, with “at” and “dot”.",
    year_of="And the year?",
    unseen="I cannot see the number you are calling from.",
    no_hurry="Take your time.",
    not_known="I am afraid I do not know that.",
    day_names=("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
)
GERMAN = FlowWords(
    begin="Gern.",
    offer="Soll ich das gleich für Sie aufnehmen?",
    declined="In Ordnung. Kann ich sonst noch etwas für Sie tun?",
    check="Ich lese noch einmal vor. {0}. Ist das richtig?",
    item="{0}: {1}",
    fix="Was soll ich ändern: {0}?",
    done="Danke, ich habe alles notiert.",
    done_message="Danke. Ich habe das weitergegeben, und es meldet sich jemand bei Ihnen.",
    anything_else="Kann ich sonst noch etwas für Sie tun?",
    stopped="In Ordnung, ich lasse das. Womit kann ich Ihnen sonst helfen?",
    restarted="In Ordnung, noch einmal von vorn.",
    needed="Das brauche ich, um weiterzumachen.",
    back="In Ordnung.",
    no_way_back="Das war die erste Frage.",
    stuck="Es tut mir leid, das verstehe ich nicht richtig.",
    not_got={
        "date": "Ich habe keinen Tag verstanden.",
        "time": "Ich habe keine Uhrzeit verstanden.",
        "number": "Ich habe keine Zahl verstanden.",
        "amount": "Ich habe keinen Betrag verstanden.",
        "phone": "Ich habe keine Nummer verstanden. Bitte sagen Sie sie Ziffer für Ziffer.",
        "email": "Ich habe keine Adresse verstanden. Bitte sagen Sie sie mit „ät“ und „Punkt“, oder buchstabieren Sie.",
        "name": "Ich habe keinen Namen verstanden.",
        "address": "Ich habe keine Adresse verstanden.",
        "choice": "Ich habe nicht verstanden, was davon.",
        "code": "Das habe ich nicht verstanden. Bitte sagen Sie es Zeichen für Zeichen.",
        "yesno": "War das ein Ja oder ein Nein?",
        "text": "Das habe ich nicht verstanden.",
    },
    which="Meinen Sie {0} oder {1}?",
    which_of_many="Was davon: {0}?",
    options="Zur Auswahl gibt es: {0}.",
    joined_or=" oder ",
    joined_and=" und ",
    past="{0} ist schon vorbei.",
    future="{0} kommt erst noch.",
    closed_day="{0} geht leider nicht. Möglich ist: {1}.",
    closed_time="Es muss zwischen {0} und {1} sein.",
    ahead="{0} ist zu weit voraus.",
    least="Es müssen mindestens {0} sein.",
    most="Es können höchstens {0} sein.",
    too_long="Das ist zu lang für eine Nummer.",
    length="Es sollten {0} Zeichen sein, gehört habe ich {1}.",
    go_on="{0}, und weiter?",
    house="Und die Hausnummer?",
    day_of="An welchem Tag genau?",
    hour_of="Um wie viel Uhr genau?",
    whole_email="Ich habe die Adresse nicht ganz verstanden. Bitte noch einmal, mit „ät“ und „Punkt“.",
    year_of="Und das Jahr?",
    unseen="Die Nummer, von der Sie anrufen, sehe ich nicht.",
    no_hurry="Lassen Sie sich Zeit.",
    not_known="Das weiß ich leider nicht.",
    day_names=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
)


def words_of(language: str) -> FlowWords:
    """English where there are none yet, as elsewhere."""
    return GERMAN if language.lower().startswith("de") else ENGLISH
