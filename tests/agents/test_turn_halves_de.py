"""Half a German sentence is told by what is missing at its end: a verb, its prefix, the sentence behind a clause."""

import pytest

from agents.engine import overlap_rules
from agents.engine.expectation import Expected
from agents.engine.turn_words import tier

FREE = Expected()


def german(text):
    return tier(text, FREE, "de")


@pytest.mark.parametrize(
    "text",
    [
        "Kann meine Nachbarin?",
        "Ist der Aufzug?",
        "Hat mein Vertrag?",
        "Können Sie meinen Herd?",
        "Kann ich mit Karte?",
        "Darf ich am Freitag?",
        "Was muss ich bei Ihnen?",
        "Ich muss morgen.",
        "Wir wollten unsere Küche.",
        "Ich habe bei Ihnen.",
        "Wir haben gestern.",
        "Sind Sie morgen?",
        "Ich hätte gern.",
        "Dann würde ich gerne.",
        "Ich möchte am Freitag.",
        "Ich glaube, dass der Motor.",
        "Ich denke, meine Rechnung.",
        "Ich habe gehört.",
        "Wann fängt das Konzert?",
        "Rufen Sie mich bitte.",
        "Bieten Sie Führungen?",
        "Unsere Heizung.",
        "Haben Sie auch etwas?",
        "Gibt es da jemanden?",
        "Was passiert denn?",
        "Wenn ich am Freitag anrufe,",
        "Wenn ich am Freitag anrufe?",
        "Als wir gestern bei Ihnen waren.",
        "Falls es regnet.",
        "Haben Sie am Freitag?",
        "Wissen Sie, ob der Ofen?",
        "Gibt es eigentlich?",
        "Wir wollen morgen.",
    ],
)
def test_a_sentence_without_its_end_goes_on(text):
    assert german(text)[0] == "more"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Was kostet?", "verb_missing"),
        ("Wie lange ist?", "verb_missing"),
        ("Wo finde ich?", "verb_missing"),
        ("Wie kann ich?", "verb_missing"),
        ("Wann machen Sie?", "verb_missing"),
        ("Ich wollte fragen, ob", "open_word"),
        ("Ich möchte gern wissen.", "lead_in"),
        ("Könnten Sie mir bitte sagen, wann?", "lead_in"),
        ("Könnten Sie kurz nachsehen?", "lead_in"),
        ("Haben Sie eine Ahnung?", "lead_in"),
        ("Wir fahren mit unserem", "open_word"),
        ("Das Problem ist.", "open_word"),
        ("Ich komme aus", "open_word"),
        ("Gehen Sie durch", "open_word"),
    ],
)
def test_what_is_announced_or_only_begun_goes_on_and_says_why(text, reason):
    assert german(text) == ("more", reason)


@pytest.mark.parametrize(
    "text",
    [
        "Kann meine Nachbarin mitkommen?",
        "Ist der Aufzug heute kaputt?",
        "Können Sie meinen Herd anschließen?",
        "Können Sie die reparieren?",
        "Kann ich mit Karte zahlen?",
        "Darf mein Hund mit?",
        "Wann machen Sie auf?",
        "Wann fängt das Konzert an?",
        "Rufen Sie mich bitte an?",
        "Wo sind Sie?",
        "Was kostet das?",
        "Wo kann ich parken?",
        "Wissen Sie, ob das geht?",
        "Wenn es regnet, haben Sie dann offen?",
        "Kann ich die Karte morgen abholen?",
        "Wie viel kostet eine Führung?",
        "Gibt es einen Parkplatz?",
        "Können Sie mir helfen?",
        "Haben Sie am Freitag offen?",
    ],
)
def test_a_question_that_lacks_nothing_is_whole(text):
    assert german(text) == ("over", "question")


@pytest.mark.parametrize(
    "text",
    [
        "Ich komme mit.",
        "Wir holen ihn morgen ab.",
        "Das Licht geht nicht aus.",
        "Der Herd funktioniert nicht.",
        "Ich weiß nicht, ob das richtig ist.",
        "Ich rufe an, weil die Rechnung falsch war.",
        "Das glaube ich.",
        "Ich habe ein Problem.",
        "Ich bin zu spät.",
        "Wir fahren am Freitag ab.",
        "Wenn möglich am Vormittag.",
        "Das stimmt so.",
        "Dann nehme ich den.",
        "Den meine ich.",
        "Meine Heizung ist ausgefallen.",
    ],
)
def test_a_last_word_that_belongs_to_the_verb_is_no_sign_of_more(text):
    assert german(text) == ("unknown", "statement")


@pytest.mark.parametrize("text", ["Ist die Heizung?", "Ist das möglich?", "Wie viele Tage?", "Welche Größe?"])
def test_a_question_that_may_lack_its_verb_is_not_to_be_told(text):
    assert german(text) == ("unknown", "question_short")


def over_the_voice(text):
    voice = overlap_rules.Voice(text="Wir haben von neun bis sechs geöffnet.", is_held=True, language="de")
    return overlap_rules.judge(overlap_rules.Sound(0.6, 0.3, text, settled=True), voice).do


@pytest.mark.parametrize("text", ["Aha.", "Klasse, verstanden.", "Ja genau, logisch.", "Ach so, okay."])
def test_german_words_of_listening_do_not_stop_the_voice(text):
    assert over_the_voice(text) == "go_on"


@pytest.mark.parametrize("text", ["Augenblick.", "Wie bitte?", "Falsch.", "Nö."])
def test_german_words_of_command_do(text):
    assert over_the_voice(text) == "stop"
