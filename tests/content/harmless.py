"""Whether HTML is harmless and well-formed, as html.parser reads it: an opinion that is not the sanitiser's."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

from wizard.content.marks import SCHEMES

ATTRIBUTES = set(
    "id title lang dir href name aria-label src alt width height loading decoding start type colspan rowspan "
    "scope open datetime cite class role tabindex sandbox referrerpolicy allowfullscreen".split()
)
NEVER = set(
    "script style form input button select textarea object embed svg math base link meta video audio source frame".split()
)
CLASSES = set(
    "right center callout note tip important warning caution callout-title footnotes task table video wide-video".split()
)
VOID = set("area br col hr img wbr".split())


class Reader(HTMLParser):
    """Collects in `wrong` what no article may hold. hosts: those that may be framed."""

    def __init__(self, hosts: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.hosts = hosts
        self.wrong: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in NEVER:
            self.wrong.append(f"<{tag}>")
        if tag not in VOID:
            self.open.append(tag)
        values = dict(attributes)
        for name, value in attributes:
            if name not in ATTRIBUTES:
                self.wrong.append(f"<{tag} {name}={value!r}>")
        for name in ("href", "src", "cite"):
            if urlsplit(values.get(name) or "").scheme not in {"", "http", "https", "mailto", "tel", *SCHEMES}:
                self.wrong.append(f"<{tag} {name}={values[name]!r}>")
        self.wrong += [f"class={one}" for one in (values.get("class") or "").split() if one not in CLASSES]
        if tag == "iframe" and (urlsplit(values["src"]).netloc not in self.hosts or "sandbox" not in values):
            self.wrong.append(f"<iframe src={values['src']}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> where it is not open")


def wrong(html: str, hosts: tuple[str, ...] = ()) -> list[str]:
    """What is harmful or not well-formed in `html`."""
    reader = Reader(hosts)
    reader.feed(html)
    reader.close()
    return reader.wrong + [f"<{tag}> stays open" for tag in reader.open]
