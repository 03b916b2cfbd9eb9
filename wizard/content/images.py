"""The size of an image, read from the first bytes of its file, so that a page keeps its shape while it loads."""

import os
import re
from functools import lru_cache
from pathlib import Path
from struct import error, unpack
from typing import BinaryIO

Size = tuple[int, int]
"""Width and height in pixels, as shown."""

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SVG = re.compile(rb"<svg\b[^>]*>")
_LENGTH = rb"\s%s\s*=\s*[\"']\s*(\d{1,6}(?:\.\d{1,6})?)(?:px)?\s*[\"']"
_WIDTH, _HEIGHT = (re.compile(_LENGTH % name) for name in (b"width", b"height"))
_VIEW_BOX = re.compile(
    rb"\sviewBox\s*=\s*[\"']\s*[-\d.]{1,16}[\s,]+[-\d.]{1,16}[\s,]+(\d{1,6}(?:\.\d{1,6})?)[\s,]+(\d{1,6}(?:\.\d{1,6})?)"
)


def image_size(file: Path) -> Size | None:
    """None where the file is no PNG, JPEG, GIF, WebP or SVG, is broken, or does not say."""
    try:
        state = os.stat(file)
        return _read(file, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=10_000)
def _read(file: Path, _changed: int, _bytes: int) -> Size | None:
    """The file's state is part of the key: a picture that is changed is read again."""
    with open(file, "rb") as content:
        try:
            size = _measure(content)
        except (error, IndexError):  # it ends too early
            return None
    return size if size and 0 < size[0] < 100_000 and 0 < size[1] < 100_000 else None


def _measure(content: BinaryIO) -> Size | None:
    head = content.read(32)
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return unpack(">II", head[16:24])
    if head.startswith((b"GIF87a", b"GIF89a")):
        return unpack("<HH", head[6:10])
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    if head.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return _svg(head + content.read(4064))


def _webp(head: bytes) -> Size | None:
    match head[12:16]:
        case b"VP8 ":
            width, height = unpack("<HH", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = unpack("<I", head[21:25])[0]
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            width, height = head[24:27], head[27:30]
            return int.from_bytes(width, "little") + 1, int.from_bytes(height, "little") + 1
    return None


def _jpeg(content: BinaryIO) -> Size | None:
    """Through the segments to the one that says; a picture that its camera turned is turned."""
    turned = False
    content.seek(2)
    for _ in range(1000):
        mark, kind, length = unpack(">BBH", content.read(4))
        if mark != 0xFF:
            return None
        if kind in _JPEG_SIZES:
            height, width = unpack(">xHH", content.read(5))
            return (height, width) if turned else (width, height)
        if kind == 0xE1:
            exif = content.read(length - 2)
            turned = turned or _is_turned(exif)
        else:
            content.seek(length - 2, os.SEEK_CUR)
    return None


def _is_turned(exif: bytes) -> bool:
    if not exif.startswith(b"Exif\0\0"):
        return False
    tiff = exif[6:]
    order = ">" if tiff.startswith(b"MM") else "<"
    try:
        start = unpack(f"{order}I", tiff[4:8])[0]
        for entry in range(unpack(f"{order}H", tiff[start : start + 2])[0]):
            at = start + 2 + 12 * entry
            tag, orientation = unpack(f"{order}H6xH", tiff[at : at + 10])
            if tag == 0x0112:
                return 5 <= orientation <= 8
    except error:
        pass
    return False


def _svg(text: bytes) -> Size | None:
    tag = _SVG.search(text)
    if not tag:
        return None
    width, height = _WIDTH.search(tag[0]), _HEIGHT.search(tag[0])
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = _VIEW_BOX.search(tag[0])
    return (round(float(box[1])), round(float(box[2]))) if box else None
