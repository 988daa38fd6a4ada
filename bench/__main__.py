"""`python -m bench [NAME …]`: runs the benches one after the other, each in a process of its own.

What stands behind a name is passed on to it: `python -m bench call --times 5`.
"""

import subprocess
import sys
import time
from itertools import takewhile

from bench import table

BENCHES = {
    "turns": "when a caller is done: cut-offs against waiting, beside silence alone",
    "pieces": "turns with pauses, real ears on a virtual clock: cut off, answered in two pieces, what waiting costs",
    "replay": "the same by the rules alone, in seconds: what they wait at each pause and end",
    "overlaps": "what is said over an answer, real ears on a virtual clock: does it stop the agent?",
    "talk": "good to talk with: real calls with pauses and overlaps, recorded on both sides and scored by what sounded",
    "hearing": "what is made out in noise and what becomes of it, beside hearing without doubt",
    "speech": "the embedded engines: words, voice, speech activity, meaning",
    "media": "sound connections: processor time a call and lateness, beside plain aiortc",
    "weight": "bytes a visitor's browser fetches up to In call",
    "call": "a visitor in Chromium: click to greeting, voice to voice, interruption",
    "chats": "500 open chats on one gateway: echo, first words, memory of an idle one",
    "pages": "server time of the console's lists with 10,000 rows, beside Django's stock change list",
    "faults": "50 calls while sockets, sound, gateway and database are killed: what is lost, what leaks",
    "exam": "the agent's mind: questions of sixteen businesses, beside the nearest line and the limits that were",
    "model": "the exam's businesses through a language model, any by its address, beside no model: take it or leave it",
    "flows": "conversations that collect something: right data at first try, and now",
    "sources": "500 pages, a PDF of 300, a Word file, a CSV file of 5,000 rows: first answer, memory, right page",
    "load": "processor time and memory of 1, 2 and 4 calls at once, with embedded speech",
}


def main(given: list[str]) -> int:
    if any(each in ("-h", "--help") for each in given[:1]):
        sys.stdout.write(f"{__doc__}\n" + "".join(f"  {name:8}{what}\n" for name, what in BENCHES.items()))
        return 0
    names = list(takewhile(BENCHES.__contains__, given))  # "call --only talk" is one bench
    options = given[len(names) :]
    if options and not names:
        sys.stderr.write(f"No such bench: {options[0]}. There are: {', '.join(BENCHES)}.\n")
        return 2
    failed = []
    for name in names or list(BENCHES):
        print(f"\n## {name}: {BENCHES[name]}\n\n{time.strftime('%Y-%m-%d %H:%M')}, {table.machine()}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *options]).returncode:
            failed.append(name)
    if failed:
        sys.stderr.write(f"\nFailed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
