"""Sizes of images, from the first bytes of their files."""

import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.content.images import image_size


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    return b"\xff\xd8" + before + struct.pack(">BBHBHH", 0xFF, 0xC0, 17, 8, height, width)


def exif(orientation: int) -> bytes:
    tiff = b"MM\0*" + struct.pack(">IHHHIHH", 8, 1, 0x0112, 3, 1, orientation, 0)
    return struct.pack(">BBH", 0xFF, 0xE1, len(tiff) + 8) + b"Exif\0\0" + tiff


def webp(kind: bytes, data: bytes) -> bytes:
    return b"RIFF\0\0\0\0WEBP" + kind + b"\0\0\0\0" + data


IMAGES = {
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 300, 20), (300, 20)),
    "GIF": (b"GIF89a" + struct.pack("<HH", 300, 20), (300, 20)),
    "JPEG": (jpeg(300, 20), (300, 20)),
    "JPEG after other segments": (jpeg(300, 20, b"\xff\xe0\0\x04ab\xff\xc4\0\x03x"), (300, 20)),
    "JPEG of a camera held upright": (jpeg(300, 20, exif(6)), (20, 300)),
    "JPEG of a camera upside down": (jpeg(300, 20, exif(3)), (300, 20)),
    "WebP, lossy": (webp(b"VP8 ", b"\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 300, 20)), (300, 20)),
    "WebP, lossless": (webp(b"VP8L", b"\x2f" + struct.pack("<I", 299 | 19 << 14)), (300, 20)),
    "WebP, extended": (
        webp(b"VP8X", b"\0\0\0\0" + (299).to_bytes(3, "little") + (19).to_bytes(3, "little")),
        (300, 20),
    ),
    "SVG": (b'<?xml version="1.0"?><svg xmlns="x" width="300px" height=\'20\'>', (300, 20)),
    "SVG with a box": (b'<svg viewBox="0 0 300 20.4" width="100%">', (300, 20)),
    "SVG that does not say": (b"<svg>", None),
    "an image without a height": (b"GIF89a" + struct.pack("<HH", 300, 0), None),
    "a text": (b"words", None),
    "nothing": (b"", None),
}


@pytest.mark.parametrize(("content", "size"), IMAGES.values(), ids=IMAGES.keys())
def test_a_size_is_read(tmp_path: Path, content: bytes, size: tuple[int, int] | None) -> None:
    file = tmp_path / "image"
    file.write_bytes(content + b"\0" * 40 if size else content)
    assert image_size(file) == size


@given(st.sampled_from(list(IMAGES)), st.integers(0, 60), st.binary(max_size=8))
def test_a_broken_image_has_no_size_and_stops_nobody(tmp_path_factory, kind: str, cut: int, rest: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "broken"
    file.write_bytes(IMAGES[kind][0][:cut] + rest)
    size = image_size(file)
    assert size is None or all(0 < side < 100_000 for side in size)


def test_what_is_no_file_has_no_size(tmp_path: Path) -> None:
    assert image_size(tmp_path) is None and image_size(tmp_path / "gone.png") is None


def test_an_image_that_is_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "image.gif"
    file.write_bytes(b"GIF89a" + struct.pack("<HH", 3, 4) + b"\0" * 30)
    assert image_size(file) == (3, 4)
    file.write_bytes(b"GIF89a" + struct.pack("<HH", 5, 6) + b"\0" * 31)
    assert image_size(file) == (5, 6)
