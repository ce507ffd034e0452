"""Every PNG file becomes the pixels Pillow sees, or one clear error."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from PIL import Image

from scene.errors import PictureError
from scene.imaging import decode
from scene.imaging.decode import decode_png
from tests.imaging.pictures import chunk, from_image, page, plain, png, up_filtered_png

pytestmark = pytest.mark.usefixtures("loops")

MODES = ["1", "L", "LA", "P", "PA", "RGB", "RGBA"]


def saved(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG", **options)
    return file.getvalue()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([mode for mode in MODES if mode != "PA"]), st.data())
def test_pictures_of_every_mode_look_as_in_pillow(mode: str, data: st.DataObject) -> None:
    shape = data.draw(array_shapes(min_dims=2, max_dims=2, max_side=20))
    samples = data.draw(arrays(np.uint8, (*shape, 4)))
    image = Image.fromarray(samples).convert(mode)
    assert np.abs(channel_distance(decode_png(saved(image)), from_image(image))).max() <= 1  # rounding of alpha


def channel_distance(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return np.stack([(left >> s & 255).astype(int) - (right >> s & 255).astype(int) for s in (0, 8, 16)])


@settings(max_examples=60, deadline=None)
@given(arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30), st.sampled_from([3, 4]))))
def test_pictures_written_for_speed_take_the_fast_way_and_look_the_same(samples: np.ndarray) -> None:
    file = up_filtered_png(samples)
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(decode, "_decode_by_pillow")
        pixels = decode_png(file)
    assert np.abs(channel_distance(pixels, from_image(Image.open(io.BytesIO(file))))).max() <= 1


def test_a_tall_picture_is_decoded_in_blocks() -> None:
    samples = np.random.default_rng(1).integers(0, 256, (3000, 333, 3), dtype=np.uint8)
    expected = samples.astype(np.uint32)
    expected = expected[..., 0] | expected[..., 1] << 8 | expected[..., 2] << 16
    assert np.array_equal(decode_png(up_filtered_png(samples)), expected)


def test_other_filters_are_left_to_pillow() -> None:
    file = up_filtered_png(np.zeros((4, 4, 3), np.uint8), filters=1)
    assert decode_png(file).tolist() == plain(4, 4, 0).tolist()


def test_sixteen_bits_keep_the_upper_eight() -> None:
    gray = np.array([[0x1234, 0xFFFF]], np.uint16)
    assert decode_png(saved(Image.fromarray(gray))).tolist() == [[0x121212, 0xFFFFFF]]


def test_a_transparent_colour_shows_the_paper() -> None:
    image = Image.new("RGB", (2, 1), (1, 2, 3))
    image.putpixel((1, 0), (9, 9, 9))
    assert decode_png(saved(image, transparency=(1, 2, 3))).tolist() == [[0xFFFFFF, 0x090909]]


def test_interlaced_pictures_are_read() -> None:
    rows = b"\0\x0a\x0b\x0c" + b"\0\x0d\x0e\x0f"  # passes 1 and 6 of a picture of 2 x 1 px
    header = struct.pack(">IIBBBBB", 2, 1, 8, 2, 0, 0, 1)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    assert decode_png(file).tolist() == [[0x0C0B0A, 0x0F0E0D]]


def test_the_alpha_byte_is_always_zero() -> None:
    samples = np.full((2, 2, 4), 200, np.uint8)
    assert (decode_png(up_filtered_png(samples)) >> 24 == 0).all()
    assert (decode_png(saved(Image.fromarray(samples))) >> 24 == 0).all()


def test_only_the_top_rows_when_asked() -> None:
    picture = page(30, 200)
    assert np.array_equal(decode_png(png(picture), max_rows=50), picture[:50])
    samples = np.random.default_rng(2).integers(0, 256, (200, 30, 3), dtype=np.uint8)
    assert np.array_equal(decode_png(up_filtered_png(samples), max_rows=50), decode_png(up_filtered_png(samples))[:50])


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("cut", [0, 1, 8, 20, 33, 45, -30, -12, -1])
def test_a_file_that_is_cut_off_is_one_clear_error(mode: str, cut: int) -> None:
    file = saved(Image.new("RGBA", (40, 40)).convert(mode.replace("PA", "P")))
    with pytest.raises(PictureError, match=r"^The baseline (is|has)"):
        decode_png(file[:cut], "The baseline")


@pytest.mark.parametrize("content", [b"hello", b"GIF89a", b"\xff\xd8\xff\xe0", b"<svg/>", b"\x89PNG\r\n", bytes(100)])
def test_what_is_no_png_is_called_so(content: bytes) -> None:
    with pytest.raises(PictureError, match="is not a PNG picture"):
        decode_png(content)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans(), st.sampled_from(["1", "L", "LA", "P", "RGB", "RGBA", "up"]))
def test_a_damaged_file_is_a_picture_error_or_a_picture(data: st.DataObject, mend: bool, mode: str) -> None:
    """Also when the damage comes with right checksums."""
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (9, 24), dtype=np.uint8))
    file = bytearray(up_filtered_png(np.asarray(image.convert("RGB"))) if mode == "up" else saved(image.convert(mode)))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(8, len(file) - 1))] = data.draw(st.integers(0, 255))
    try:
        pixels = decode_png(mended(bytes(file)) if mend else bytes(file))
    except PictureError:
        return
    assert pixels.dtype == np.uint32


def mended(file: bytes) -> bytes:
    """The same chunks with the checksums they should have, as far as chunks can be told."""
    result, position = file[:8], 8
    while position + 12 <= len(file):
        length = struct.unpack_from(">I", file, position)[0]
        if length > 1 << 20:
            break
        result += chunk(file[position + 4 : position + 8], file[position + 8 : position + 8 + length])
        position += 12 + length
    return result


def test_a_picture_above_the_limit_is_refused_before_it_is_decoded() -> None:
    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(PictureError, match=r"is too large: 50000 x 50000 px .* the limit is 268,435,456"):
        decode_png(file)


def test_more_pixels_than_pillow_would_allow_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    assert decode_png(png(plain(20, 20))).shape == (20, 20)


def test_data_that_holds_too_little_is_an_error() -> None:
    header = struct.pack(">IIBBBBB", 10, 1000, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x02" + bytes(30))
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    with pytest.raises(PictureError, match="has 1 of 1000 rows"):
        decode_png(file)


def test_data_that_holds_far_too_much_is_not_all_unpacked() -> None:
    header = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x02abc" + b"\x02" * 50_000_000)
    file = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    assert decode_png(file).tolist() == [[0x636261]]
