"""Whatever happens in a call, in whatever order: one voice at a time, no turn lost, none answered twice, no hang."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from agents.engine.line import Dtmf, Muted, PageInfo, Typed
from tests.fakes.script import Call, Script, slow_engines

pytestmark = pytest.mark.long

WORDS = [f"{letter}{number}" for number in range(12) for letter in "abc"]
LISTENING = ("okay", "mhm", "right")
REPLIES = ("topic:", "ask", "unknown", "small_talk:", "message")
SETTLED_S = 60.0  # after the last step: whatever is owed has come by then

Step = tuple[str, float, float]  # what, the pause before it in seconds, and how long or how late

steps = st.lists(
    st.tuples(
        st.sampled_from(
            "says says says over over listens_over listens noise soft soft_over typed mutes presses tells gap".split()
        ),
        st.sampled_from([0.05, 0.15, 0.3, 0.45, 0.7, 0.95, 1.2, 1.7, 2.5, 4.0, 7.0]),
        st.sampled_from([0.1, 0.4, 1.5, 4.0]),
    ),
    min_size=1,
    max_size=9,
)
latencies = st.sampled_from([0.0, 0.05, 0.3, 1.0, 2.5])
# A history that fails is shown as it was found: making it shorter takes minutes.
FAST = settings(
    max_examples=40,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    print_blob=True,
)


def play(
    history: list[Step], hearing_s: float, thinking_s: float, voice_s: float, **chosen: object
) -> tuple[Call, list[str], list[str]]:
    """The call, and all words that the visitor said to the agent in it, and typed."""
    engines, tones = slow_engines(hearing_s=hearing_s, thinking_s=thinking_s, voice_s=voice_s)
    script = Script(engines=engines, tones=tones, **chosen)
    said: list[str] = []
    typed: list[str] = []
    for place, (what, pause, length) in enumerate(history):
        text = " ".join(WORDS[place * 3 : place * 3 + 3])
        match what:
            case "says":
                script.says(text, pause=pause)
                said += text.split()
            case "over":  # the agent's next words
                script.says(text, into=length)
                said += text.split()
            case "listens_over":
                script.says(LISTENING[place % len(LISTENING)], into=length)
            case "listens":
                script.says(LISTENING[place % len(LISTENING)], pause=pause)
            case "noise":
                script.noise(length, pause=pause)
            case "soft":
                script.says(text, louder_db=-20, pause=pause)
            case "soft_over":  # somebody else, who may outlast the agent's words
                script.says(text, louder_db=-20, into=length)
            case "typed":
                script.reports(Typed(text), pause=pause)
                typed += text.split()
            case "mutes":
                script.reports(Muted(True), pause=pause).reports(Muted(False), pause=length)
            case "presses":
                script.reports(Dtmf("5"), pause=pause)
            case "tells":
                script.reports(PageInfo("page", {"item": place}), pause=pause)
            case "gap":
                script.loses_connection(length, pause=max(pause, 0.3))
    return script.leaves(pause=SETTLED_S).play(), said, typed


@given(steps, latencies, latencies, st.sampled_from([0.0, 0.2, 1.5]))
@FAST
def test_any_history_of_a_call(history, hearing_s, thinking_s, voice_s):
    call, said, typed = play(history, hearing_s, thinking_s, voice_s, silence_prompt_s=20)

    heard = [word for speaker, text in call.turns if speaker == "visitor" for word in text.split()]
    assert sorted(word for word in heard if word in typed) == sorted(typed)
    assert [word for word in heard if word in said] == said  # nothing lost, nothing twice, all in its order
    answers_between = 0
    for turn in call.notes.turns:
        if turn.speaker == "visitor":
            answers_between = 0
        elif turn.source.startswith(REPLIES) and not turn.interrupted:
            answers_between += 1
            assert answers_between == 1, "answered twice"
    if said or typed:
        last = max(turn.index for turn in call.notes.turns if turn.speaker == "visitor")
        after = [turn for turn in call.notes.turns if turn.index > last and turn.source.startswith(REPLIES)]
        assert any(not turn.interrupted for turn in after), "never answered"
    assert all(turn.ended_s is not None for turn in call.notes.turns)


@given(steps, latencies)
@FAST
def test_an_agent_that_may_not_be_interrupted_says_all_it_has_to_say(history, hearing_s):
    spoken = [step for step in history if step[0] != "typed"]
    call, _, _ = play(spoken, hearing_s, 0.0, 0.0, silence_prompt_s=20, barge_in_ms=60_000)

    assert not any(turn.interrupted for turn in call.notes.turns if turn.source.startswith(REPLIES))
    assert call.happened("paused") == []
