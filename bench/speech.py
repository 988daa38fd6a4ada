"""What the embedded engines cost and how well they do: `python -m bench.speech`.

CPU seconds are those of this process and its helpers, on one thread, so they hold on a busy machine too; wall times do
not. The ratio is CPU seconds for a second of sound: below 1, one core keeps up with real time.
"""

import asyncio
import json
import os
import re
import resource
import time
import wave
from pathlib import Path

import numpy as np

from agents.speech.providers import pico, weights
from agents.speech.providers.base import Voice
from agents.speech.providers.minilm import MiniLmMeaning
from agents.speech.providers.moonshine import MoonshineHearing
from agents.speech.providers.resampling import resample
from agents.speech.providers.silero import SileroActivity
from agents.speech.providers.table import PROVIDERS
from agents.speech.sound import FRAME_S, HEARD_FRAME, HEARD_HZ, SPOKEN_HZ, as_float, from_float

ROOT = Path(__file__).resolve().parent.parent
CLIPS = ROOT / "tests" / "speech"
MODELS_DIR = Path(os.environ.get("STUDIO_MODELS_DIR", ROOT / "data" / "models"))
SENTENCES = [
    "Thanks for calling, this is Robin.",
    "We are open from nine until six, and on Saturdays until four.",
    "You can bring it back within thirty days for a full refund.",
    "A city bike costs $25 a day, helmet included.",
]
QUESTIONS = ["What time do you close on Sundays?", "Can I bring my dog?", "How much is a bike for a week?"]


def cpu_s() -> float:
    """CPU time of this process and of helper processes that are still running."""
    helpers = 0.0
    if pico.process.pid and os.path.exists(f"/proc/{pico.process.pid}/stat"):
        fields = Path(f"/proc/{pico.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        helpers = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return time.process_time() + helpers


def read_clip(name: str) -> np.ndarray:
    with wave.open(str(CLIPS / name)) as clip:
        return np.frombuffer(clip.readframes(clip.getnframes()), np.int16)


def word_errors(said: str, heard: str) -> int:
    """The fewest words to put in, take out or change to turn one into the other."""
    wanted, found = (re.findall(r"[a-z0-9]+", text.lower()) for text in (said, heard))
    row = list(range(len(found) + 1))
    for i, word in enumerate(wanted, 1):
        before, row = row, [i]
        for j, other in enumerate(found, 1):
            row.append(min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (word != other)))
    return row[-1]


def line(what: str, cost: str, ratio: str = "", note: str = "") -> None:
    print(f"{what:<34}{cost:>16}{ratio:>12}  {note}")


async def bench_hearing(hearing: MoonshineHearing) -> None:
    errors = words = 0
    for clip in json.loads((CLIPS / "clips.json").read_text()):
        pcm = read_clip(clip["file"])
        start = cpu_s()
        heard = (await hearing.hear(pcm, language="en")).text
        spent = cpu_s() - start
        wrong = word_errors(clip["text"], heard)
        errors, words = errors + wrong, words + len(clip["text"].split())
        note = f"{wrong} words wrong: {heard!r}"
        line(f"hear {clip['file']}", f"{spent:.3f} s", f"{spent / clip['seconds']:.3f}", note)
    line("hear, all clips", "", "", f"{errors} of {words} words wrong")


async def bench_voice(voice: Voice, hearing: MoonshineHearing) -> None:
    spent = sound_s = 0.0
    first_ms, errors, words = [], 0, 0
    for text in SENTENCES:
        start, wall = cpu_s(), time.perf_counter()
        spoken = await voice.speak(text)
        spent += cpu_s() - start
        first_ms.append((time.perf_counter() - wall) * 1000)
        sound_s += len(spoken.pcm) / SPOKEN_HZ
        if "$" not in text:
            pcm = from_float(resample(as_float(spoken.pcm), SPOKEN_HZ, HEARD_HZ))
            heard = (await hearing.hear(pcm, language="en")).text
            heard = heard.replace("9", "nine").replace("6", "six").replace("4", "four").replace("30", "thirty")
            errors, words = errors + word_errors(text, heard), words + len(text.split())
    note = f"a sentence after {np.median(first_ms):.0f} ms (wall); {errors} of {words} words misheard"
    line(f"speak with {voice.key}", f"{spent / sound_s:.3f} s per s", f"{spent / sound_s:.3f}", note)


def bench_activity() -> None:
    activity = SileroActivity(MODELS_DIR)
    pcm = np.tile(read_clip("06-mid-pause.wav"), 5)
    count = len(pcm) // HEARD_FRAME
    start = time.process_time()
    for at in range(count):
        activity.speech(pcm[at * HEARD_FRAME : (at + 1) * HEARD_FRAME])
    spent = (time.process_time() - start) / count
    line("voice activity, a 20 ms frame", f"{spent * 1e6:.0f} us", f"{spent / FRAME_S:.4f}")


async def bench_meaning(meaning: MiniLmMeaning) -> None:
    start = time.process_time()
    for _ in range(10):
        for question in QUESTIONS:
            await meaning.vectors([question])
    line("meaning of a question", f"{(time.process_time() - start) / 30 * 1000:.1f} ms")


async def main() -> None:
    hearing, meaning = MoonshineHearing(MODELS_DIR), MiniLmMeaning(MODELS_DIR)
    voices = [PROVIDERS["voice"][key].make(MODELS_DIR) for key in ("hibari:heart", "piper:joe", "pico:en-US")]
    line("what", "CPU", "of real time", "")
    for name, load in (
        ("Silero", lambda: weights.session("silero", MODELS_DIR)),
        *((type(one).__name__, one.load) for one in (hearing, *voices, meaning)),
    ):
        start = time.process_time()
        load()
        line(f"load {name}", f"{time.process_time() - start:.2f} s")
    await hearing.hear(read_clip("04-yes.wav"), language="en")
    for voice in voices:
        await voice.speak("Hello.")
    bench_activity()
    await bench_hearing(hearing)
    for voice in voices:
        await bench_voice(voice, hearing)
    await bench_meaning(meaning)
    line("memory, all engines, at most", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
