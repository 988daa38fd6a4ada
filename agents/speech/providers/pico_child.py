"""The separate process in which SVOX Pico speaks. Started by pico.py; never imported by the product.

Its native code keeps the interpreter's lock while it works and can hang on a text without spaces. A line of JSON in:
{"voice": "en-US", "texts": [..], "speed": 1.0}; a line out: {"sounds": [..]}, 16 kHz 16-bit samples in base64, or
{"error": ".."}.
"""

import base64
import json
import os
import sys

VOLUME = 0.35  # its own level clips


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever the native code prints must not get between our lines
    try:
        import py_nanotts
    except ImportError as error:
        print(json.dumps({"error": f"Pico is not installed: {error}"}), file=answers, flush=True)
        return
    engine = py_nanotts.NanoTTS()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            manner = {"voice": asked["voice"], "volume": VOLUME, "speed": asked.get("speed", 1.0)}
            sounds = [engine.speak(text, **manner) for text in asked["texts"]]
            said: dict[str, object] = {"sounds": [base64.b64encode(sound).decode() for sound in sounds]}
        except (RuntimeError, ValueError) as error:
            said = {"error": f"Pico cannot say this: {error}"}
        print(json.dumps(said), file=answers, flush=True)


if __name__ == "__main__":
    main()
