"""Images of imported articles, fetched beside them."""

import re
import time
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from urllib import request
from urllib.parse import quote, unquote, urlsplit

from wizard.content.addresses import slug
from wizard.importing.files import put

KINDS = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/avif": ".avif",
}
"""Not SVG: opened by itself it can run scripts under the site's own address."""
LARGEST = 10 * 1024 * 1024
"""Bytes."""
TIMEOUT = 10.0
"""Seconds without an answer."""
LONGEST = 60.0
"""Seconds for one image in all."""


class NotFetched(Exception):
    """Says why; the address stays as it is."""


def fetch(url: str, folder: Path, beside: str) -> tuple[str, bool]:
    """Save the image at `url` in the folder of the article `beside`, a path below `folder`.

    Returns the file's name as a link, and whether it was fetched just now: the name follows from
    the address, so a file that is there is not asked for again. Raises NotFetched.
    """
    stem = f"{_stem(url)}-{sha256(url.encode()).hexdigest()[:8]}"
    parent = beside.rpartition("/")[0]
    for ending in KINDS.values():
        if (folder / parent / f"{stem}{ending}").is_file():
            return f"{quote(stem)}{ending}", False
    ending, content = _download(url)
    try:
        put(folder, f"{parent}/{stem}{ending}".lstrip("/"), content)
    except OSError as error:
        raise NotFetched(f"cannot be written ({error.strerror})") from error
    return f"{quote(stem)}{ending}", True


def _stem(url: str) -> str:
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2], errors="replace")
    return re.sub(r"\.\w{1,5}$", "", slug(name).encode()[:60].decode(errors="ignore")).strip("-.") or "image"


def _download(url: str) -> tuple[str, bytes]:
    """(ending of the file's name, content)"""
    if urlsplit(url).scheme.lower() not in ("http", "https"):
        raise NotFetched("is neither http: nor https:")
    try:
        with _opener().open(_ascii(url), timeout=TIMEOUT) as answer:
            kind = answer.headers.get_content_type()
            if kind not in KINDS:
                raise NotFetched(f"is {kind}, not one of {', '.join(KINDS)}")
            return KINDS[kind], _read(answer)
    except (OSError, HTTPException, ValueError) as error:
        raise NotFetched(f"cannot be fetched ({getattr(error, 'reason', None) or error})") from error


def _opener() -> request.OpenerDirector:
    """Speaks HTTP and HTTPS only, wherever a redirect leads."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
        request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _read(answer: request.addinfourl) -> bytes:
    end = time.monotonic() + LONGEST
    content = b""
    while part := answer.read1(65536):
        content += part
        if len(content) > LARGEST:
            raise NotFetched(f"has more than {LARGEST // 1024 // 1024} MB")
        if time.monotonic() > end:
            raise NotFetched(f"takes longer than {LONGEST:.0f} s")
    expected = answer.headers.get("Content-Length", "")
    if expected.isdigit() and int(expected) != len(content):
        raise NotFetched("ended too early")
    return content


def _ascii(url: str) -> str:
    """Letters outside ASCII, and spaces, as an address on the wire has them."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
