"""Two ears: the better one listens again where the quick one was unsure, and only while there is time."""

import pytest

from agents.engine import virtual_clock as clock
from agents.speech.heard import Heard
from agents.speech.providers.base import ProviderError
from agents.speech.providers.two_ears import TwoEars

SOUND = object()


class Ear:
    languages = ("en",)

    def __init__(self, *heard):
        self.heard, self.asked = list(heard), 0

    async def hear(self, pcm_16k, *, language, who=None, final=True):
        self.asked += 1
        found = self.heard.pop(0)
        if isinstance(found, Exception):
            raise found
        return found


def hear(quick, better, *, waited_s=0.0, final=True):
    async def listen():
        ears = TwoEars(quick, better, waited_s=lambda: waited_s)
        return await ears.hear(SOUND, language="en", final=final)

    return clock.run(listen())


SURE, UNSURE, AGAIN = Heard("a bike", (0.9, 0.95)), Heard("a pipe", (0.9, 0.3)), Heard("a bike", (0.9, 0.9))


def test_what_the_quick_ear_is_sure_of_is_heard_once():
    better = Ear()
    assert hear(Ear(SURE), better) == SURE
    assert better.asked == 0


def test_what_it_is_not_sure_of_is_heard_again():
    assert hear(Ear(UNSURE), Ear(AGAIN)) == AGAIN


@pytest.mark.parametrize(("waited_s", "final"), [(0.5, True), (0.0, False)])
def test_a_busy_machine_and_a_caption_get_the_quick_ear_only(waited_s, final):
    better = Ear()
    assert hear(Ear(UNSURE), better, waited_s=waited_s, final=final) == UNSURE
    assert better.asked == 0


def test_where_the_better_ear_hears_nothing_or_fails_the_quick_one_counts():
    assert hear(Ear(UNSURE), Ear(Heard())) == UNSURE
    assert hear(Ear(UNSURE), Ear(ProviderError("gone"))) == UNSURE


def test_what_has_no_words_is_not_listened_to_again():
    better = Ear()
    assert hear(Ear(Heard()), better) == Heard()
    assert better.asked == 0
