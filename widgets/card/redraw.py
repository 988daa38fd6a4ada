"""A picture that somebody sent, drawn anew: decoded with strict limits, fitted into a square, written by ourselves.

Nothing of the file's own bytes goes on: no metadata, no profile, nothing hidden behind the picture. One at a time in a
process: the largest allowed picture takes some 150 MB while it is decoded.
"""

import io
import threading
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from PIL import (  # the plugins by name: they are the formats we read
    GifImagePlugin,  # noqa: F401
    Image,
    ImageChops,
    ImageOps,
    JpegImagePlugin,  # noqa: F401
    PngImagePlugin,  # noqa: F401
    UnidentifiedImageError,
    WebPImagePlugin,  # noqa: F401
)

BYTES_MOST = 2 * 1024 * 1024
SIDE_LEAST_PX = 128
PIXELS_MOST = 16_000_000
SIDE_PX = 384  # what the largest card needs on a sharp display
FORMATS = ("JPEG", "PNG", "GIF", "WEBP")

_ALIKE = 24  # of 255: what a JPEG's noise may change on a plain ground
_LIGHT = 170  # of 255: a see-through logo that is lighter was made for a dark ground
_PAPER, _INK = (255, 255, 255), (22, 24, 29)
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_one = threading.Lock()

Image.MAX_IMAGE_PIXELS = PIXELS_MOST  # the library's own guard, for the parts of a file that it opens by itself


class BadPicture(ValueError):
    """It cannot be used; the words say why, and what to do."""


@dataclass(frozen=True, slots=True)
class Drawn:
    content: bytes
    content_type: str


def redraw(content: bytes) -> Drawn:
    """A square of SIDE_PX, opaque, as PNG or JPEG: browsers before 2019 know no WebP. Raises BadPicture."""
    if len(content) > BYTES_MOST:
        raise too_large()
    with _one:
        return _written(_square(_decoded(content)))


def too_large() -> BadPicture:
    return BadPicture(_("The picture is larger than 2 MB. Make it smaller, or save it as JPEG, then choose it again."))


def _decoded(content: bytes) -> Image.Image:
    """The first picture in the file, upright, as RGB or RGBA, and not much larger than needed."""
    try:
        opened = Image.open(io.BytesIO(content), formats=FORMATS)
        _check(*opened.size)
        upright = _UPRIGHT.get(opened.getexif().get(_ORIENTATION, 1))
        image = _smaller(opened)
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many() from None
    except UnidentifiedImageError:
        raise BadPicture(_("This is not a picture that can be used. Choose a JPEG, PNG, GIF or WebP file.")) from None
    except Exception:  # noqa: BLE001 - a decoder raises whatever a broken file makes it stumble over
        words = _("The picture is damaged and cannot be read. Open it in a picture program, save it anew, try again.")
        raise BadPicture(words) from None
    return image.transpose(upright) if upright is not None else image


def _check(width: int, height: int) -> None:
    if width * height > PIXELS_MOST:
        raise _too_many()
    if min(width, height) < SIDE_LEAST_PX:
        words = _("The picture is too small: it has %(width)d × %(height)d pixels and needs at least 128 × 128.")
        raise BadPicture(words % {"width": width, "height": height})


def _too_many() -> BadPicture:
    return BadPicture(_("The picture has more than 16 million pixels. Make it smaller, then choose it again."))


def _smaller(opened: Image.Image) -> Image.Image:
    """Decoded, in RGB or RGBA. Pixels go first, colours after: most pictures then need one copy of their own size."""
    opened.draft("RGB", (SIDE_PX * 2, SIDE_PX * 2))  # a JPEG is decoded small at once
    opened.load()
    image = opened
    if image.mode.startswith("I"):  # grey of 16 bits
        image = Image.fromarray((np.asarray(image) >> 8).clip(0, 255).astype(np.uint8))
    elif "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("1", "P"):  # their values are no amounts, so they cannot be mixed
        image = image.convert("RGB")
    image.thumbnail((SIDE_PX * 4, SIDE_PX * 4), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _square(image: Image.Image) -> Image.Image:
    """A photograph fills the square; a logo, which stands free on its ground, is shown whole inside the circle."""
    if image.mode == "RGBA":
        alpha = image.getchannel("A")
        seen = alpha.point(lambda value: 255 if value > _ALIKE else 0).getbbox()
        if seen is None:
            raise BadPicture(_("All of this picture is transparent, so there is nothing to see."))
        ground = _contrasting(image)
        flat = Image.new("RGB", image.size, ground)
        flat.paste(image, mask=alpha)
        if alpha.getextrema()[0] < 255 - _ALIKE:
            return _free(flat.crop(seen), ground)
        image = flat
    ground = image.getpixel((0, 0))
    other = ImageChops.difference(image, Image.new("RGB", image.size, ground)).convert("L")
    seen = other.point(lambda value: 255 if value > _ALIKE else 0).getbbox()
    if seen and seen[0] > 0 and seen[1] > 0 and seen[2] < image.width and seen[3] < image.height:
        return _free(image.crop(seen), ground)
    return ImageOps.fit(image, (SIDE_PX, SIDE_PX), Image.Resampling.LANCZOS)


def _contrasting(image: Image.Image) -> tuple[int, int, int]:
    """Paper, or ink under a logo that would not be seen on paper."""
    values = np.asarray(image.convert("LA")).astype(float)
    weight = values[..., 1].sum()
    return _INK if (values[..., 0] * values[..., 1]).sum() / weight > _LIGHT else _PAPER


def _free(logo: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """In the middle, as large as the circle that the card draws allows."""
    diagonal = (logo.width**2 + logo.height**2) ** 0.5
    scale = min(0.9 * SIDE_PX / diagonal, 0.8 * SIDE_PX / max(logo.size))
    size = (max(1, round(logo.width * scale)), max(1, round(logo.height * scale)))
    square = Image.new("RGB", (SIDE_PX, SIDE_PX), ground)
    square.paste(logo.resize(size, Image.Resampling.LANCZOS), ((SIDE_PX - size[0]) // 2, (SIDE_PX - size[1]) // 2))
    return square


def _written(square: Image.Image) -> Drawn:
    """The smaller of the two: flat drawings are smaller as PNG, photographs as JPEG."""
    made = []
    for name, options in (("PNG", {"optimize": True}), ("JPEG", {"quality": 86, "optimize": True})):
        file = io.BytesIO()
        Image.frombytes("RGB", square.size, square.tobytes()).save(file, name, **options)  # pixels, and nothing else
        made.append(Drawn(file.getvalue(), f"image/{name.lower()}"))
    return min(made, key=lambda one: len(one.content))
