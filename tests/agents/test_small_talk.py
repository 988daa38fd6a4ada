"""The rules for what people say to anybody."""

import pytest

from agents.brains import small_talk


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("goodbye", ["That is all, bye.", "Good-bye!", "No, that's all, thank you.", "Okay, thanks, have a nice day"]),
        (
            "goodbye",
            [
                "See you tomorrow",
                "Alright, see you on Friday then",
                "Nothing else, thanks",
                "I have to go. Bye bye.",
                "That's it for today, thank you",
                "Good night",
            ],
        ),
        (
            "thanks",
            ["Thank you very much.", "Great, thanks!", "No, thank you.", "Perfect, that's very helpful"],
        ),
        ("repeat", ["Can you repeat that, please?", "Sorry, what did you say?", "Say that again", "What?", "Pardon?"]),
        ("repeat", ["I didn't catch that.", "Could you say that one more time?", "Please repeat", "Come again?"]),
        ("stop", ["Stop, that is enough, thank you.", "Okay stop", "Wait a minute", "Never mind"]),
        ("hello", ["Hello?", "Hi there, good morning", "Can you hear me?", "Hello, how are you?"]),
        (
            "robot",
            ["Are you a robot?", "Are you a real person?", "Is this a machine?", "Am I talking to a bot?"],
        ),
        ("human", ["Can I speak to a human?", "I want to talk to a real person please", "Operator", "Transfer me"]),
        ("who", ["Who are you?", "Hi, what's your name?", "Who am I talking to?"]),
    ],
)
def test_small_talk_is_recognised(kind, texts):
    assert {text: small_talk.kind(text) for text in texts} == dict.fromkeys(texts, kind)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, and when do you close?",
        "Hello, I want to rent a bike",
        "Can you repeat the address of the shop on the pier?",
        "Is this bike real leather?",
        "What is all that costs?",
        "Are you open?",
        "What do you say about helmets?",
        "",
    ],
)
def test_a_question_is_no_small_talk(text):
    assert small_talk.kind(text) == ""


@pytest.mark.parametrize(
    ("kind", "language", "texts"),
    [
        ("able", "en", ["What can you do?", "Hi, what can I ask you?", "How can you help me?", "So what do you know?"]),
        (
            "opens",
            "en",
            ["I have a question", "Hi, can you help me please?", "I need some help", "I've got a quick question"],
        ),
        ("able", "de", ["Was können Sie denn alles?", "Wobei können Sie mir helfen?", "Was weißt du?"]),
        ("opens", "de", ["Ich habe da mal eine Frage", "Können Sie mir bitte helfen?", "Darf ich Sie etwas fragen?"]),
        (
            "",
            "en",
            [
                "What do you do?",
                "What can you do about a flat tyre?",
                "I have a question about my bill",
                "Can you help me move?",
            ],
        ),
        ("", "de", ["Was können Sie gegen Rost tun?", "Ich habe eine Frage zur Rechnung"]),
    ],
)
def test_the_opening_of_a_talk_is_recognised_where_it_is_about_nothing_yet(kind, language, texts):
    assert {text: small_talk.opening(text, language) for text in texts} == dict.fromkeys(texts, kind)


def test_a_complaint_is_recognised_wherever_it_stands():
    assert small_talk.complains("the mechanic was really rude to me") and small_talk.complains(
        "nobody ever called me back"
    )
    assert small_talk.complains("Es hat sich niemand bei mir gemeldet", "de")
    assert not small_talk.complains("can nobody else ride it") and not small_talk.complains(
        "Wie melde ich mich an?", "de"
    )


ABOUT = [
    ("en", "I'd like to speak to the manager about a bike that fell apart after two days"),
    ("en", "Sorry, can I talk to someone about my bill?"),
    ("en", "I need to speak with the owner because nobody called me back"),
    ("de", "Ich möchte mit dem Chef sprechen, weil niemand zurückgerufen hat"),
    ("de", "Kann ich bitte mit jemandem über meine Rechnung sprechen?"),
    ("de", "Guten Tag, ich muss mal mit einem Mitarbeiter wegen der Rechnung reden"),
]


@pytest.mark.parametrize(("language", "text"), ABOUT)
def test_somebody_who_is_asked_for_is_recognised_with_what_it_is_about(language, text):
    assert small_talk.human_about(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Can I speak to a human?"),
        ("en", "When can I talk about my bill?"),
        ("de", "Wann ist der Chef da, weil ich warte?"),
    ],
)
def test_nobody_is_asked_for_or_it_is_about_nothing(language, text):
    assert not small_talk.human_about(text, language)


@pytest.mark.parametrize("text", ["Yes", "Yes, please.", "Yeah, that's right", "Uh-huh", "Sure", "Okay", "Yep exactly"])
def test_yes_is_understood(text):
    assert small_talk.yes_or_no(text) is True


@pytest.mark.parametrize("text", ["No", "No, thanks.", "Nope", "Not really", "No, something else", "Neither of them"])
def test_no_is_understood(text):
    assert small_talk.yes_or_no(text) is False


@pytest.mark.parametrize("text", ["When do you open?", "Yes but when?", "No, the other shop", ""])
def test_more_than_yes_or_no_is_neither(text):
    assert small_talk.yes_or_no(text) is None


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["No, that is not what I ask.", "That's not what I meant", "Sorry, but that wasn't my question."]),
        ("en", ["That doesn't answer my question.", "You misunderstood me", "No no, I didn't ask for that."]),
        ("de", ["Das war nicht meine Frage.", "Nein, das habe ich nicht gefragt.", "Sie haben mich falsch verstanden"]),
    ],
)
def test_whoever_says_that_the_answer_missed_is_understood(language, texts):
    assert {text: small_talk.missed(text, language) for text in texts} == dict.fromkeys(texts, True)


@pytest.mark.parametrize("text", ["That is what I asked.", "That is my question.", "It is not working", "No, the lock"])
def test_what_only_resembles_a_missed_answer_is_none(text):
    assert not small_talk.missed(text)


def test_what_stands_before_a_question_is_taken_off():
    assert small_talk.without_greeting("Hello, um, when do you open?") == "when do you open?"
    assert small_talk.without_greeting("Hello?") == "Hello?"
    assert small_talk.without_greeting("High tyres?") == "High tyres?"
    assert small_talk.without_no("No, I mean the other one") == "the other one"
    assert small_talk.without_no("Nothing works") == "Nothing works"


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        *(("en", text, "thanks") for text in ("thx", "ok thx", "great, thanx!", "🙏", "❤️", "😀😀")),
        *(("de", text, "thanks") for text in ("thx", "ok thx", "super, thanks", "😊")),
        *(("de", text, "goodbye") for text in ("bye", "ok bye", "danke, bye bye")),
        *((language, "👋", "hello") for language in ("en", "de")),
    ],
)
def test_what_people_type_in_every_language_is_understood_in_each(language, text, kind):
    assert small_talk.kind(text, language) == kind


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_thumb_alone_says_yes_or_no_and_beside_words_nothing(language):
    assert small_talk.yes_or_no("👍🏽", language) is True
    assert small_talk.yes_or_no("👎", language) is False
    assert small_talk.yes_or_no("😡", language) is None
    assert small_talk.yes_or_no("Wann? 👍", language) is None


def test_endless_talk_comes_to_an_end():
    text = "bye bye " * 2000 + "thanks so much bye okay"

    kinds = [small_talk.kind(text), small_talk.kind("bye bye bye bye bye bye bye bye bye bye bye bye bye bye bye x")]

    assert kinds == ["", ""]


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("ok thx", "en", True),
        ("okay, thank you", "en", True),
        ("yes thanks", "en", False),
        ("yes please", "en", False),
        ("okay danke", "de", True),
        ("ja danke", "de", False),
    ],
)
def test_a_thank_you_with_an_okay_is_no_yes(text, language, wanted):
    assert small_talk.only_thanks(text, language) is wanted


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "No thanks", True),
        ("en", "no thank you", True),
        ("de", "Nein danke", True),
        ("en", "no", False),
        ("en", "thanks", False),
        ("en", "no thanks to you it is broken", False),
        ("de", "nein", False),
    ],
)
def test_a_no_with_a_thank_you_turns_down_more_and_nothing_that_was_said(language, text, wanted):
    assert small_talk.declines(text, language) is wanted
