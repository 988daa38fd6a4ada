"""How loud speech is to people, and how it is kept from clipping.

Every voice is brought to the same loudness by a gain of its own, so that a change of voice in mid-call is no jump.
"""

import numpy as np
import numpy.typing as npt

TARGET_LUFS = -19.0  # what calls and podcasts settle on for speech in one channel
KNEE = 0.8  # from here to full scale peaks are bent instead of cut


def limited(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """The same sound, with no sample beyond full scale: peaks over the knee are pressed into the room above it."""
    size = np.abs(samples)
    over = size > KNEE
    if not over.any():
        return samples
    bent = samples.copy()
    room = 1 - KNEE
    bent[over] = np.sign(samples[over]) * (KNEE + room * np.tanh((size[over] - KNEE) / room) * 0.98)
    return bent


def lufs(samples: npt.NDArray[np.float32], rate_hz: int) -> float:
    """Integrated loudness of one channel as ITU-R BS.1770-4 measures it: weighted, in blocks, silence left out.

    -70 where there is nothing to hear.
    """
    block = int(0.4 * rate_hz)
    if len(samples) < block:
        samples = np.pad(samples, (0, block - len(samples)))
    power = np.square(_weighted(samples, rate_hz))
    sums = np.concatenate([[0.0], np.cumsum(power)])
    starts = np.arange(0, len(samples) - block + 1, block // 4)
    means = (sums[starts + block] - sums[starts]) / block
    levels = -0.691 + 10 * np.log10(np.maximum(means, 1e-12))
    heard = means[levels > -70]
    if not len(heard):
        return -70.0
    gate = -0.691 + 10 * np.log10(heard.mean()) - 10
    kept = means[(levels > -70) & (levels > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _weighted(samples: npt.NDArray[np.float32], rate_hz: int) -> npt.NDArray[np.float64]:
    """K-weighting: the two filters of the standard, designed for this rate and applied to the spectrum."""
    spectrum = np.fft.rfft(samples, 2 * len(samples))
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(2 * len(samples)))
    for numerator, denominator in (_shelf(rate_hz), _high_pass(rate_hz)):
        spectrum *= np.polyval(numerator[::-1], turn) / np.polyval(denominator[::-1], turn)
    return np.fft.irfft(spectrum)[: len(samples)]


Filter = tuple[list[float], list[float]]


def _shelf(rate_hz: int) -> Filter:
    """The head: 4 dB more above 1.7 kHz."""
    k, gain, q = np.tan(np.pi * 1681.974450955533 / rate_hz), 10 ** (3.999843853973347 / 20), 0.7071752369554196
    half = gain**0.4996667741545416
    norm = 1 + k / q + k * k
    return (
        [(gain + half * k / q + k * k) / norm, 2 * (k * k - gain) / norm, (gain - half * k / q + k * k) / norm],
        [1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm],
    )


def _high_pass(rate_hz: int) -> Filter:
    """Little below 38 Hz."""
    k, q = np.tan(np.pi * 38.13547087602444 / rate_hz), 0.5003270373238773
    norm = 1 + k / q + k * k
    return [1.0, -2.0, 1.0], [1.0, 2 * (k * k - 1) / norm, (1 - k / q + k * k) / norm]
