"""What htmx says of a request: whether it wants a panel alone, and who asks."""

from urllib.parse import urlencode

from flask import request

from wizard.web import typed


def is_fragment() -> bool:
    """htmx asks for a panel alone."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def is_poll() -> bool:
    """The page asks by itself, from time to time: forms ask for themselves, polls from a `div`."""
    return is_fragment() and request.headers.get("HX-Source", "").startswith("div")


def is_typing() -> bool:
    """A field asks while it is being filled in."""
    return is_fragment() and request.headers.get("HX-Source", "").startswith("input")


def full_path() -> str:
    """Path and query of the request, as an address; without a card's number that somebody typed."""
    if typed.wrong():
        query = urlencode(list(request.args.items(multi=True)))
        return f"{request.path}?{query}" if query else request.path
    return request.full_path.rstrip("?")


def page_path() -> str:
    """Path and query of the page that htmx stands on."""
    _, _, rest = request.headers.get("HX-Current-URL", "").partition("://")
    return "/" + rest.partition("/")[2].partition("#")[0]
