"""Files and their addresses. An address begins and ends with a slash: `/billing/final-invoice/`."""

import re
from functools import lru_cache
from unicodedata import category, normalize
from urllib.parse import unquote

RESERVED = frozenset(
    "static 404.html feed.xml sitemap.xml robots.txt llms.txt _redirects _headers nginx-headers.conf".split()
)
"""First parts of addresses of our own files; no article or file of an author may begin with them."""
WIZARD = frozenset(
    "account api cancel guide invitations login receipts requests sign-in sign-out staff test-processor".split()
)
"""The same of the wizard's addresses, where it answers beside the site."""

_UNSAFE = re.compile(r"[^\w.~]+")
_OWN_PLACE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LONGEST = 240
"""Bytes of a part of an address; file systems take 255."""


@lru_cache(4096)
def slug(name: str) -> str:
    """A file's or folder's name as a part of an address: lower case, anything unsafe to `-`, and so short
    that a file can have it with a number after it."""
    safe = _UNSAFE.sub(_dash, normalize("NFC", name.lower())).strip("-.")
    return safe.encode()[:_LONGEST].decode(errors="ignore").strip("-.") or "-"


def marks_in(text: str) -> str:
    """The signs that belong to the letters before them, such as the vowels of Hindi; `\\w` does not know them."""
    if text.isascii():
        return ""
    return "".join(sign for sign in text if category(sign) in ("Mn", "Mc") and not "\ufe00" <= sign <= "\ufe0f")


def _dash(found: re.Match[str]) -> str:
    if not marks_in(found[0]):
        return "-"
    return re.sub("-+", "-", "".join(marks_in(sign) or "-" for sign in found[0]))


def article_address(path: str) -> str:
    """`Accounts & Users/user-permissions.md` -> `/accounts-users/user-permissions/`"""
    return f"{category_address(path)}{slug(_stem(path))}/"


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def is_own_place(address: str) -> bool:
    """A path of this host, whoever reads it: browsers read backslashes as slashes, and take no notice of
    control characters."""
    return bool(_OWN_PLACE.fullmatch(address))


def permalink_address(permalink: str, file: str) -> str | None:
    """The address that an author asks for, or None where it is no plain path.

    file: the article's own path, for what Jekyll fills in: `/docs/:title/`, `/:categories/:title.html`, `pretty`.
    """
    if permalink in ("pretty", "none"):
        return article_address(file)
    name = slug(_stem(file))
    for part in (":title", ":slug", ":name", ":basename"):
        permalink = permalink.replace(part, name)
    for part in (":categories", ":path", ":collection"):
        permalink = permalink.replace(part, category_address(file).strip("/"))
    path = permalink.strip().removesuffix("index.html").removesuffix(".html").strip("/").replace("//", "/")
    if not path or not all(_is_plain(part) for part in path.split("/")):
        return None
    return f"/{path}/"


def redirect_address(text: str) -> str | None:
    """The old address that an author names, `/old/place/` or `/old/place.html`; None where it is no plain
    path of this site, or one that no file can have. What comes out goes in again unchanged."""
    path = normalize("NFC", unquote(text.strip()))
    path = "/" if path == "index.html" else re.sub(r"/index\.html$", "/", path)
    parts = path.removeprefix("/").removesuffix("/").split("/")
    if len(path) > 1000 or not all(_is_plain(part) for part in parts):
        return None
    return f"/{'/'.join(parts)}" + ("" if path.endswith(".html") else "/")


def _is_plain(part: str) -> bool:
    """A name that a file can have and that no host hides."""
    letters = part if part.isascii() else "".join(sign for sign in part if not marks_in(sign))
    return len(part.encode()) <= 250 and re.fullmatch(r"[\w~&+,=@-][\w.~&+,=@-]*", letters) is not None


def category_address(path: str) -> str:
    """The address of the folder that a file lies in; `/` for the articles folder itself."""
    return _folder_address(path.rpartition("/")[0])


@lru_cache(4096)
def _folder_address(folder: str) -> str:
    return "/" + "".join(f"{slug(part)}/" for part in folder.split("/") if folder)


def category_title(folder: str) -> str:
    """`data-and-backup` -> `Data and backup`; a name with capitals stays as it is."""
    if folder != folder.lower():
        return folder
    words = folder.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def asset_address(path: str) -> str:
    """Where a file beside the articles lies in the site: folders as for pages, its name kept."""
    return category_address(path) + normalize("NFC", path.rpartition("/")[2])


def place(address: str) -> str:
    """The file of the site that answers at an address: `/billing/` -> `billing/index.html`."""
    return f"{address[1:]}index.html" if address.endswith("/") else address[1:]
