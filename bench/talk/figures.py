"""From recordings to tables."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from agents.speech.clauses import clauses
from bench.talk import rivals, score, voices
from bench.talk.play import Trial
from bench.talk.rivals import Heard
from bench.talk.scenes import INTERRUPTION

Rivals = dict[str, list[Heard]]
TWICE_S = 1.0  # of an answer that may sound again after a hold: the word that was cut
LOST_S = 0.3


def share(values: Sequence[bool]) -> str:
    return f"{100 * sum(values) / len(values):.0f} % ({sum(values)} of {len(values)})" if values else "-"


def spread(values: Sequence[float]) -> str:
    if not values:
        return "-"
    return f"{np.percentile(values, 50):,.0f} / {np.percentile(values, 95):,.0f} ms ({len(values)})"


def show(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    print(f"\n{title}\n\n| " + " | ".join(heads) + " |\n|" + " --- |" * len(heads))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print(flush=True)


# ── Whose turn ───────────────────────────────────────────────────────────────────────────────────────────────


def voice_to_voice_ms(trial: Trial) -> float | None:
    """From the end of the caller's last word to the agent's first sound; None where it spoke by then, or never did."""
    ended_s = trial.pieces[-1][1]
    if any(begin < ended_s < end for begin, end in score.spells(trial.agent)):
        return None
    began_s = score.onset(trial.agent, ended_s)
    return None if began_s is None else (began_s - ended_s) * 1000


def ignored(trial: Trial) -> bool:
    """Nothing was answered after the last word, though the caller waited."""
    ended_s = trial.pieces[-1][1]
    return not any(end > ended_s + 0.3 for _, end in score.spells(trial.agent))


def stored_turns(trial: Trial) -> int:
    return sum(turn["speaker"] == "visitor" for turn in trial.turns)


def answers(trial: Trial) -> list[str]:
    """What answered, by the stored turns: the last word of it counts."""
    return [turn["source"] for turn in trial.turns if turn["speaker"] == "agent" and turn["source"] != "silence"]


def right(trial: Trial) -> bool:
    """Did the right topic have the last word, and only that turn?"""
    return bool(answers(trial)) and answers(trial)[-1] == f"topic:{trial.said.topic}"


def pauses(trials: Sequence[Trial], others: Rivals) -> None:
    names = ["", "n", "Pickup: cut off", "answered in two pieces (stored turns)", "ignored", "right answer (stored)"]
    kinds = list(dict.fromkeys(trial.kind for trial in trials))
    rows = []
    for kind in [*kinds, ""]:
        of_kind = [place for place, trial in enumerate(trials) if not kind or trial.kind == kind]
        mine = [trials[place] for place in of_kind]
        asked = [trial for trial in mine if trial.said.topic]
        rows.append(
            [
                kind or "**all**",
                str(len(mine)),
                share([score.cut_off(trial.agent, trial.pieces) for trial in mine]),
                share([stored_turns(trial) > 1 for trial in mine]),
                share([ignored(trial) for trial in mine]),
                share([right(trial) for trial in asked]),
                *(share([rivals.cut_off(trials[at], heard[at]) for at in of_kind]) for heard in others.values()),
            ]
        )
    show("Turns with pauses", [*names, *(f"{name}: cut off" for name in others)], rows)
    waits = [found for trial in trials if (found := voice_to_voice_ms(trial)) is not None]
    rows = [["Pickup: voice to voice", spread(waits)]]
    rows += [[f"{name}: turn known to be over", spread(rivals.waits_ms(trials, one))] for name, one in others.items()]
    show("After these turns", ["", "p50 / p95 (n)"], rows)
    for trial in trials:
        if score.cut_off(trial.agent, trial.pieces) or ignored(trial) or stored_turns(trial) != 1:
            _tell(trial)


# ── Over an answer ───────────────────────────────────────────────────────────────────────────────────────────


def planned(trial: Trial) -> str:
    """The answer that was talked over, as it was meant."""
    texts = [turn["planned"] or turn["text"] for turn in trial.turns if turn["speaker"] == "agent"]
    return texts[0] if texts else ""


def interrupted(trial: Trial) -> bool:
    """Was that answer given up? One that is stopped, and then given again from its beginning, sounds alike."""
    return next((turn["interrupted"] for turn in trial.turns if turn["speaker"] == "agent"), False)


def heard_times(trial: Trial) -> list[list[int]]:
    return score.heard_times(trial.agent, [voices.agent_says(clause) for clause in clauses(planned(trial))])


def overlaps(trials: Sequence[Trial], others: Rivals) -> None:
    known = [place for place, trial in enumerate(trials) if trial.over_s != (0.0, 0.0) and planned(trial)]
    times = {place: heard_times(trials[place]) for place in known}
    went_on = {place: score.went_on(times[place]) and not interrupted(trials[place]) for place in known}
    kinds = list(dict.fromkeys(trial.kind for trial in trials))
    heads = ["", "n", "Pickup: stopped by it", "of those that went on: twice", "lost", "hole, p50 / p95"]
    rows = []
    for kind in kinds:
        mine = [place for place in known if trials[place].kind == kind]
        on = [place for place in mine if went_on[place]]
        rows.append(
            [
                kind,
                str(len(mine)),
                share([not went_on[place] for place in mine]),
                share([score.twice_s(times[place]) > TWICE_S for place in on]),
                share([score.lost_s(times[place]) > LOST_S for place in on]),
                spread([hole for place in on if (hole := _hole_ms(trials[place])) > score.SILENT_S * 1000 + 200]),
                *(
                    share([rivals.stopped_s(trials[place], heard[place]) is not None for place in mine])
                    for heard in others.values()
                ),
            ]
        )
    show("Over an answer", [*heads, *(f"{name}: stopped" for name in others)], rows)
    stops = [place for place in known if trials[place].kind == INTERRUPTION]
    silent = [s * 1000 for place in stops if (s := score.silent_after(trials[place].agent, trials[place].over_s[0]))]
    rows = [
        [
            "Pickup",
            share([went_on[place] for place in stops]),
            spread(silent),
        ]
    ]
    for name, heard in others.items():
        found = [rivals.stopped_s(trials[place], heard[place]) for place in stops]
        rows.append(
            [name, share([each is None for each in found]), spread([each * 1000 for each in found if each is not None])]
        )
    show("Interruptions", ["", "missed", "onset to silence, p50 / p95"], rows)
    for place in known:
        is_stop = trials[place].over and trials[place].over.stops
        if went_on[place] == is_stop or (went_on[place] and score.lost_s(times[place]) > LOST_S):
            _tell(trials[place], times[place])


def _hole_ms(trial: Trial) -> float:
    """The longest silence of the agent from the other sound's onset until it spoke again."""
    begin_s = trial.over_s[0]
    spells = score.spells(trial.agent)
    gaps = [after[0] - max(before[1], begin_s) for before, after in pairwise(spells) if after[0] > begin_s]
    return max(gaps[:2], default=0.0) * 1000


# ── Whole conversations ──────────────────────────────────────────────────────────────────────────────────────


def conversations(found: dict[str, list[Trial]]) -> None:
    rows = []
    for name, trials in found.items():
        calls: dict[str, list[bool]] = {}
        for trial in trials:
            calls.setdefault(trial.reference, []).append(right(trial))
        waits = [each for trial in trials if (each := voice_to_voice_ms(trial)) is not None]
        rows.append(
            [
                name,
                share([all(each) for each in calls.values()]),
                share([one for each in calls.values() for one in each]),
                share([stored_turns(trial) > 1 for trial in trials]),
                share([ignored(trial) for trial in trials]),
                _word_errors(trials),
                spread(waits),
            ]
        )
    heads = ["", "whole calls right", "answers right", "in two pieces", "ignored", "word errors", "voice to voice"]
    show("Whole conversations (topics and words by the stored turns)", heads, rows)
    for name, trials in found.items():
        for trial in trials:
            if not right(trial):
                print(f"({name})", end=" ")
                _tell(trial)


def _word_errors(trials: Sequence[Trial]) -> str:
    from bench.speech import word_errors

    wrong = words = 0
    for trial in trials:
        said = trial.said.text.replace("|", " ")
        heard = " ".join(turn["text"] for turn in trial.turns if turn["speaker"] == "visitor")
        wrong += word_errors(said, heard)
        words += len(said.split())
    return f"{100 * wrong / max(1, words):.0f} % of {words}"


# ── Times ────────────────────────────────────────────────────────────────────────────────────────────────────


def times(found: dict[int, list[Trial]], loads: dict[int, str]) -> None:
    rows = []
    for calls, trials in found.items():
        for is_question in (True, False):
            mine = [trial for trial in trials if trial.said.is_question is is_question]
            waits = [each for trial in mine if (each := voice_to_voice_ms(trial)) is not None]
            rows.append(
                [
                    f"{calls} call" + "s" * (calls > 1),
                    "question" if is_question else "unclear sentence",
                    spread(waits),
                    *(_stage(mine, name) for name in ("end_of_speech", "thinking", "voice", "hearing")),
                    share([ignored(trial) for trial in mine]),
                    loads[calls],
                ]
            )
    heads = ["", "after", "voice to voice, p50 / p95", "end of turn (stored)", "thinking", "voice", "beside: hearing"]
    show("Voice to voice, by the recordings", [*heads, "ignored", "load before"], rows)


def _stage(trials: Sequence[Trial], name: str) -> str:
    values = [turn["timings"][name] for trial in trials for turn in trial.turns if name in turn["timings"]]
    return f"{np.percentile(values, 50):,.0f} / {np.percentile(values, 95):,.0f}" if values else "-"


def _tell(trial: Trial, times: Any = None) -> None:
    """A line about a trial that did not go as it should."""
    over = f" over it: {trial.kind} {trial.over.text!r} at {trial.over_s[0]:.1f}" if trial.over else ""
    sounded = " ".join(f"{begin:.1f}-{end:.1f}" for begin, end in score.spells(trial.agent))
    print(f"- {trial.name} [{trial.voice}] {trial.said.text!r}{over}; caller until {trial.pieces[-1][1]:.1f}")
    print(f"  agent sounded {sounded}")
    for turn in trial.turns:
        print(f"  {turn['speaker']:7} {turn['started_s']:.1f} {turn['source']} {turn['text']!r} {turn['decision']}")
    if times:
        print("  pieces " + " ".join("".join(map(str, clause)) for clause in times))
