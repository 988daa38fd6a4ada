"""The separate process in which eSpeak runs. Started by espeak.py; never imported by the product.

eSpeak is licensed under the GPL and stays out of our own process. A line of JSON in: {"voice": "en-us", "texts": [..]};
a line out: {"phonemes": [..]}, IPA for each text, or {"error": ".."}. It ends when its input ends.
"""

import ctypes
import ctypes.util
import json
import sys

SYNCHRONOUS, UTF8, IPA = 2, 1, 2


def open_library() -> ctypes.CDLL:
    try:
        import espeakng_loader

        path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path().encode()
        library = ctypes.CDLL(path)
    except (ImportError, OSError, RuntimeError):
        path, data = ctypes.util.find_library("espeak-ng"), None
        if not path:
            raise OSError("eSpeak is not installed") from None
        library = ctypes.CDLL(path)
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    if library.espeak_Initialize(SYNCHRONOUS, 0, data, 0) < 0:
        raise OSError("eSpeak does not start")
    return library


def phonemes(library: ctypes.CDLL, text: str) -> str:
    buffer = ctypes.create_string_buffer(text.encode())
    rest = ctypes.c_void_p(ctypes.addressof(buffer))
    parts = []
    while rest.value:
        parts.append((library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA) or b"").decode())
    return " ".join(" ".join(parts).split())


def answer(library: ctypes.CDLL, line: str, voice: str) -> tuple[dict[str, object], str]:
    asked = json.loads(line)
    if asked["voice"] != voice and library.espeak_SetVoiceByName(asked["voice"].encode()) != 0:
        return {"error": f"eSpeak has no voice {asked['voice']}"}, ""
    return {"phonemes": [phonemes(library, text) for text in asked["texts"]]}, asked["voice"]


def main() -> None:
    try:
        library = open_library()
    except OSError as error:
        sys.stdout.write(json.dumps({"error": str(error)}) + "\n")
        return
    voice = ""
    for line in sys.stdin:
        said, voice = answer(library, line, voice)
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
