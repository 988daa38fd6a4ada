"""What becomes of a picture that somebody sent: every limit at its edge, and everything a file can be wrong in."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from widgets.card import redraw

pytestmark = pytest.mark.long

RED, BLUE, WHITE = (200, 30, 30), (30, 30, 200), (255, 255, 255)


def file_of(image, name="PNG", **options):
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def photo(width=300, height=200, mode="RGB"):
    """Noise that nobody can take for a plain ground; red on the left, blue on the right."""
    values = np.zeros((height, width, 3), np.uint8)
    values[:, : width // 2], values[:, width // 2 :] = RED, BLUE
    values[::2, ::2] //= 2
    return Image.fromarray(values).convert(mode)


def png_claiming(width, height):
    """The head of a PNG that says how large it is, and hardly anything behind it."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


def seen(content):
    drawn = redraw.redraw(content)
    image = Image.open(io.BytesIO(drawn.content))
    assert image.size == (redraw.SIDE_PX, redraw.SIDE_PX)
    assert drawn.content_type == {"PNG": "image/png", "JPEG": "image/jpeg"}[image.format]
    return image.convert("RGB")


def is_like(colour, other, within=40):
    return all(abs(one - two) <= within for one, two in zip(colour, other, strict=True))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP"])
def test_each_of_the_usual_kinds_becomes_a_square(name):
    square = seen(file_of(photo(), name))
    assert is_like(square.resize((4, 1)).getpixel((0, 0)), RED, 60)
    assert is_like(square.resize((4, 1)).getpixel((3, 0)), BLUE, 60)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_each_way_to_write_colours_is_read(mode):
    image = Image.fromarray(np.full((200, 200), 40_000, np.uint16)) if mode == "I;16" else photo().convert(mode)
    square = seen(file_of(image))
    if mode == "I;16":
        assert is_like(square.getpixel((100, 100)), (156, 156, 156), 3)


def test_a_print_shops_jpeg_keeps_its_colours():
    square = seen(file_of(photo(mode="CMYK"), "JPEG"))
    assert is_like(square.resize((4, 1)).getpixel((0, 0)), RED, 80)


HELD = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("turned", HELD)
def test_a_phones_picture_stands_upright(turned):
    """The same picture however the phone was held: red above, blue below, white at the upper left."""
    upright = Image.new("RGB", (400, 400), RED)
    upright.paste(BLUE, (0, 200, 400, 400))
    upright.paste(WHITE, (0, 0, 100, 100))
    held = upright if HELD[turned] is None else upright.transpose(HELD[turned])
    exif = Image.Exif()
    exif[0x0112] = turned
    square = seen(file_of(held, "JPEG", exif=exif, quality=95))
    assert is_like(square.getpixel((20, 20)), WHITE)
    assert is_like(square.getpixel((300, 20)), RED) and is_like(square.getpixel((192, 340)), BLUE)


def test_of_a_moving_picture_the_first_one_is_taken():
    content = file_of(
        Image.new("RGB", (200, 200), RED), "GIF", save_all=True, append_images=[Image.new("RGB", (200, 200), BLUE)]
    )
    assert is_like(seen(content).getpixel((100, 100)), RED)


def test_a_photograph_fills_the_square_and_a_logo_is_shown_whole():
    assert is_like(seen(file_of(photo(600, 200))).getpixel((2, 2)), RED, 110)
    logo = Image.new("RGB", (600, 200), WHITE)
    logo.paste(BLUE, (40, 40, 560, 160))
    square = seen(file_of(logo))
    assert is_like(square.getpixel((2, 2)), WHITE) and is_like(square.getpixel((192, 192)), BLUE)
    corner = square.crop((0, 0, 384, 100))
    assert is_like(corner.resize((1, 1)).getpixel((0, 0)), WHITE)
    assert is_like(square.getpixel((30, 192)), WHITE) and is_like(square.getpixel((50, 192)), BLUE)


@pytest.mark.parametrize(("ink", "ground"), [((10, 10, 60), WHITE), ((250, 250, 250), (22, 24, 29))])
def test_a_logo_one_can_see_through_gets_a_ground_it_stands_out_from(ink, ground):
    logo = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    logo.paste((*ink, 255), (60, 100, 240, 200))
    square = seen(file_of(logo))
    assert is_like(square.getpixel((3, 3)), ground, 4) and is_like(square.getpixel((192, 192)), ink, 4)


def test_nothing_but_pixels_goes_on():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "taken at my home")
    exif = Image.Exif()
    exif[0x010E] = "taken at my home"
    for content in (
        file_of(photo(), "PNG", pnginfo=notes, icc_profile=b"taken at my home" * 9000),
        file_of(photo(), "JPEG", exif=exif, comment=b"taken at my home", icc_profile=b"taken at my home" * 9000),
        file_of(photo(), "WEBP", exif=exif),
    ):
        assert b"taken at my home" in content
        drawn = redraw.redraw(content)
        assert b"taken at my home" not in drawn.content
        assert not {"exif", "icc_profile", "comment", "Comment"} & set(Image.open(io.BytesIO(drawn.content)).info)


@pytest.mark.parametrize("behind", [b"<script>alert(1)</script>", b"PK\x03\x04 an archive", b"*/=1;alert(1)//"])
def test_what_hides_behind_a_picture_stays_behind(behind):
    assert behind not in redraw.redraw(file_of(photo(), "GIF") + behind).content


def refused(content):
    with pytest.raises(redraw.BadPicture) as bad:
        redraw.redraw(content)
    return str(bad.value)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        SVG,
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        file_of(photo(), "BMP"),
        file_of(photo(), "TIFF"),
        file_of(photo(), "PPM"),
        b"\x00\x00\x00\x18ftypheic" + b"\0" * 300,
        b"GIF89a",
        b"RIFF\xff\xff\xff\xffWEBP",
    ],
)
def test_what_is_no_picture_of_these_kinds_is_named_so(content):
    assert "JPEG, PNG, GIF or WebP" in refused(content) or "damaged" in refused(content)


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP"])
@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_half_a_picture_is_refused(name, part):
    content = file_of(photo(), name)
    assert "damaged" in refused(content[: int(len(content) * part)])


@pytest.mark.parametrize("name", ["JPEG", "PNG", "GIF", "WEBP"])
def test_a_picture_with_wrong_bytes_is_drawn_or_refused_and_nothing_else(name):
    content = file_of(photo(160, 160), name)
    random = np.random.default_rng(7)
    for _ in range(60):
        broken = bytearray(content)
        for at in random.integers(0, len(content), 4):
            broken[at] = random.integers(0, 256)
        try:
            redraw.redraw(bytes(broken))
        except redraw.BadPicture:
            pass


def test_the_smallest_and_one_pixel_less():
    seen(file_of(photo(128, 128)))
    assert "127 × 300" in refused(file_of(photo(127, 300)))
    assert "too small" in refused(file_of(photo(300, 127)))


def test_the_most_pixels_and_one_row_more():
    seen(file_of(Image.new("RGB", (4000, 4000), RED)))
    assert "16 million" in refused(file_of(Image.new("RGB", (4000, 4001), RED)))


@pytest.mark.parametrize("size", [(10_000, 10_000), (65_535, 65_535), (100_000, 200), (2**31 - 1, 2**31 - 1)])
def test_a_picture_that_says_it_is_huge_is_not_decoded(size):
    assert "16 million" in refused(png_claiming(*size))


def test_a_hundred_megapixels_that_are_really_there_are_refused():
    content = file_of(Image.new("1", (10_000, 10_000)))
    assert len(content) < redraw.BYTES_MOST
    assert "16 million" in refused(content)


def test_two_megabytes_and_one_byte_more():
    content = file_of(photo(), "PNG")
    full = content + b"\0" * (redraw.BYTES_MOST - len(content))
    seen(full)
    assert "larger than 2 MB" in refused(full + b"\0")


def test_notes_that_unfold_to_something_huge_do_no_harm():
    packed = zlib.compress(b"A" * 80_000_000, 9)
    data = b"Comment\0\0" + packed
    chunk = struct.pack(">I", len(data)) + b"zTXt" + data + struct.pack(">I", zlib.crc32(b"zTXt" + data))
    content = file_of(photo())
    assert "damaged" in refused(content[:33] + chunk + content[33:])


def test_a_picture_of_nothing_is_said_to_be_one():
    assert "transparent" in refused(file_of(Image.new("RGBA", (200, 200), (9, 9, 9, 0))))


def test_one_colour_all_over_is_a_picture_too():
    assert is_like(seen(file_of(Image.new("RGB", (200, 300), BLUE))).getpixel((9, 9)), BLUE)
