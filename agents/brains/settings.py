"""The numbers of a conversation: how long to wait, when to ask back, when to end. Every one can be set."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TalkSettings:
    """How an agent takes turns. The defaults suit a visitor at a computer or a phone."""

    # Whose turn it is
    end_of_turn_ms: int = 400  # silence after which a turn is over whose words sound finished; the other waits follow
    turn_deadline_s: float = 8.0  # silence after which a turn is over with those of its words that are there
    resume_ms: int = 90  # speech with which the visitor takes the turn back before the agent's first sound
    barge_in_ms: int = 200  # speech that makes the agent hold its voice; its words decide then
    barge_in_greeting: bool = True  # may the first turn of the agent be talked over?
    barge_ins_max: int = 0  # how often an agent lets itself be stopped in a call; 0: as often as it happens

    # Hearing
    gate_open: float = 0.5  # probability of speech at which a segment opens …
    gate_close: float = 0.35  # … and under which it is silence again
    pre_roll_ms: int = 300  # sound kept from before the gate opened
    speculate_ms: int = 200  # silence after which the words are transcribed, in case the turn is over
    partial_every_ms: int = 700  # how often the words of an open segment are transcribed
    segment_max_s: float = 25.0  # a longer one is cut, and goes on
    hearing_limit_s: float = 30.0  # transcribing that takes longer has failed

    # Thinking
    boldness: str = "even"  # careful, even or bold: what a wrong answer costs (agents/brains/decision.py)
    takes_messages: bool = True  # offer to take a message when there is no answer
    answer_score: float = 0.5  # where nothing was learned for the meaning: a topic at least as close is the answer
    ask_score: float = 0.4  # at least as close as this: "Do you mean …?"
    clearly_better: float = 0.04  # two topics closer to each other than this: ask which

    preemptive: bool = True  # think out the answer while the end of the turn is waited for

    # Doubt
    doubtful: float = 0.5  # a word less likely right than this carries no answer: "Did you say …?"; 0: never asked

    # Silence and the end
    silence_prompt_s: float = 10.0  # silence of both after which the agent asks whether anybody is there
    silence_prompts: int = 3  # unanswered ones before the agent says goodbye
    muted_max_s: float = 600.0  # a visitor who is muted is not asked; after so long the agent says goodbye
    call_max_s: float = 1800.0
    linger_s: float = 0.3  # between the agent's last sound and the end, so that the visitor's buffer plays out
