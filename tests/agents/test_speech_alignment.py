"""Words in a clause's phonemes."""

from agents.speech.providers.alignment import word_ends


def cut(clause, words):
    ends = word_ends(clause, words)
    return [clause[a:b].strip() for a, b in zip([0, *ends[:-1]], ends, strict=True)]


def test_words_that_stay_apart_are_counted():
    assert cut("wɪɹ ˈoʊpən tədˈeɪ", ["wɪɹ", "ˈoʊpən", "tədˈeɪ"]) == ["wɪɹ", "ˈoʊpən", "tədˈeɪ"]


def test_a_figure_of_several_words_is_one():
    assert cut("ɪt kˈɔsts fˈɔːɹɾi nˈaɪn", ["ɪt", "kˈɔsts", "fˈɔːɹɾi nˈaɪn"]) == ["ɪt", "kˈɔsts", "fˈɔːɹɾi nˈaɪn"]


def test_joined_words_are_told_apart():
    clause = "ˌaʊɾəv ðə bˈɑːks ɪnðɪ ˈɛnd"
    words = ["ˈaʊt", "ʌv", "ðə", "bˈɑːks", "ɪn", "ðə", "ˈɛnd"]
    found = cut(clause, words)
    assert found[2:4] == ["ðə", "bˈɑːks"] and found[-1] == "ˈɛnd"
    assert found[0].endswith(("ʊ", "ɾ")) and found[1].endswith("v")
    assert found[4].endswith("n") and found[5].endswith("ɪ")


def test_ends_never_go_back_and_the_last_is_the_end():
    for clause, words in [("", []), ("ˈa", ["ˈa", "b", ""]), ("x y", ["", "x", "q", "y"]), ("abc", ["ˈz", "z"])]:
        ends = word_ends(clause, words)
        assert ends == sorted(ends) and len(ends) == len(words)
        assert not words or ends[-1] == len(clause)
