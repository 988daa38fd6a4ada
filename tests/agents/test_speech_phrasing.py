"""Texts cut into what a voice says in one go."""

from agents.speech.providers.phrasing import LONGEST_WORD, clauses, runs


def test_a_text_is_cut_behind_its_pauses():
    found = clauses(("Hello,", "plus 1, 4 1 5.", "how?", "–", "so"))
    assert [(" ".join(part.words), part.mark) for part in found] == [
        ("Hello", ","),
        ("plus 1", ","),
        ("4 1 5", "."),
        ("how", "?"),
        ("so", ""),
    ]
    assert found[2].places == (1, 1, 1) and found[4].places == (4,)


def test_marks_alone_are_nothing():
    assert clauses(("…", ",", "--", "")) == []


def test_what_is_no_word_is_shortened():
    assert clauses(("x" * 500,))[0].words == ("x" * LONGEST_WORD,)


def test_a_long_text_is_said_in_several_goes_and_no_word_is_lost():
    forms = tuple(f"word{n}" + ("." if n % 7 == 6 else "") for n in range(100)) + ("long",) * 60
    found = runs(clauses(forms), 80)
    assert all(sum(len(word) + 1 for part in run for word in part.words) <= 80 for run in found)
    assert [place for run in found for part in run for place in part.places] == list(range(160))


def test_a_short_text_is_said_in_one_go():
    assert len(runs(clauses(("Sure.", "Let", "me", "check.")), 80)) == 1
