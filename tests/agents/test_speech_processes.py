"""Helper processes: replaced when they die, ended when they hang, apart from our own."""

import os
import signal
import sys

import pytest

from agents.speech.providers import espeak
from agents.speech.providers.base import ProviderError
from agents.speech.providers.helper_process import HelperProcess

needs_espeak = pytest.mark.skipif(not espeak.is_installed(), reason="eSpeak is not installed")


@pytest.fixture
def helper(tmp_path):
    """A helper whose program a test writes; it gets its lines on standard input."""
    made = []

    def make(program, longest_wait_s=5.0):
        path = tmp_path / "child.py"
        path.write_text("import json, sys\n" + program)
        process = HelperProcess(str(path), "The helper", longest_wait_s=longest_wait_s)
        made.append(process)
        return process

    yield make
    for process in made:
        process.close()


ECHO = "for line in sys.stdin:\n    print(json.dumps({'said': json.loads(line)}), flush=True)\n"


def test_one_process_answers_everything(helper):
    process = helper(ECHO)
    assert process.ask({"n": 1}) == {"said": {"n": 1}}
    first = process.pid
    assert process.ask({"text": "é" * 100_000}) == {"said": {"text": "é" * 100_000}}
    assert process.pid == first != os.getpid()


def test_a_process_that_was_killed_is_replaced(helper):
    process = helper(ECHO)
    process.ask({})
    killed = process.pid
    os.kill(killed, signal.SIGKILL)
    assert process.ask({"n": 2}) == {"said": {"n": 2}}
    assert process.pid != killed


def test_a_process_that_always_dies_is_an_error_that_may_pass(helper):
    with pytest.raises(ProviderError) as failed:
        helper("sys.exit(1)\n").ask({})
    assert not failed.value.permanent


def test_a_process_that_hangs_is_ended(helper):
    process = helper("for line in sys.stdin:\n    sys.stdin.readline()\n", longest_wait_s=0.05)
    with pytest.raises(ProviderError, match="does not answer"):
        process.ask({})
    assert process.pid is None


def test_nonsense_is_an_error_that_may_pass(helper):
    with pytest.raises(ProviderError, match="nonsense") as failed:
        helper("for line in sys.stdin:\n    print('warning: hello', flush=True)\n").ask({})
    assert not failed.value.permanent


def test_what_it_can_never_do_is_a_permanent_error(helper):
    with pytest.raises(ProviderError, match="no such voice") as failed:
        helper('for line in sys.stdin:\n    print(\'{"error": "no such voice"}\', flush=True)\n').ask({})
    assert failed.value.permanent


@needs_espeak
def test_espeak_gives_phonemes_from_outside_our_process():
    hello, number, none = espeak.phonemes(["hello there", "21", ""], "en-us")
    assert hello == "həlˈoʊ ðˈɛɹ" and number.split()[0].startswith("twˈɛn") and none == ""
    with open(f"/proc/{os.getpid()}/maps") if sys.platform == "linux" else open(os.devnull) as maps:
        assert "espeak" not in maps.read()


@needs_espeak
def test_a_voice_that_espeak_does_not_have_is_refused():
    with pytest.raises(ProviderError) as refused:
        espeak.phonemes(["hello"], "xx-nowhere")
    assert refused.value.permanent
    assert espeak.phonemes(["hello"], "en-us") == ["həlˈoʊ"]
