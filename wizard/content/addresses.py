"""Files and their addresses. An address begins and ends with a slash: `/billing/final-invoice/`."""

import re
from collections.abc import Container
from itertools import chain, count
from pathlib import PurePosixPath
from unicodedata import normalize

RESERVED = frozenset(
    "account cancel guide receipts requests sign-in sign-out staff static _headers nginx-headers.conf".split()
)
"""First parts of addresses of our own; no article or file of an author may begin with them."""

_UNSAFE = re.compile(r"[^\w.~]+")


def slug(name: str) -> str:
    """A file's or folder's name as a part of an address: lower case, anything unsafe to `-`."""
    return _UNSAFE.sub("-", normalize("NFC", name).lower()).strip("-.") or "-"


def article_address(path: str) -> str:
    """`Accounts & Users/user-permissions.md` -> `/accounts-users/user-permissions/`"""
    parts = PurePosixPath(path).with_suffix("").parts
    return "/" + "".join(f"{slug(part)}/" for part in parts)


def permalink_address(permalink: str) -> str | None:
    """The address that an author asks for, or None where it is no plain path."""
    path = permalink.strip().removesuffix("index.html").removesuffix(".html").strip("/")
    parts = path.split("/")
    if not path or any(part in (".", "..") or not re.fullmatch(r"[\w.~&-]+", part) for part in parts):
        return None
    return f"/{path}/"


def category_address(path: str) -> str:
    """The address of the folder that a file lies in; `/` for the articles folder itself."""
    folders = PurePosixPath(path).parts[:-1]
    return "/" + "".join(f"{slug(folder)}/" for folder in folders)


def category_title(folder: str) -> str:
    """`data-and-backup` -> `Data and backup`; a name with capitals stays as it is."""
    if folder != folder.lower():
        return folder
    words = folder.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def free_address(name: str, taken: Container[str]) -> str:
    """The address of a page of ours: `/search/`, or `/search-2/` where an author's page lies there."""
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(address for one in names if (address := f"/{one}/") not in taken)


def asset_address(path: str) -> str:
    """Where a file beside the articles lies in the site: folders as for pages, its name kept."""
    return category_address(path) + normalize("NFC", PurePosixPath(path).name)
