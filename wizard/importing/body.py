"""An article's HTML, read as a browser reads it: harmless, well-formed, with its links rewritten."""

import re
from collections.abc import Callable

import nh3
from bs4 import BeautifulSoup, NavigableString, Tag

from wizard.content.sanitise import SAFE_SCHEMES

FRAMES = {"iframe", "video", "audio", "source", "embed"}
"""What the site's own rules decide on: they stay as they are."""
_CLEANER = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS | FRAMES,
    attributes={
        "*": {"id", "title", "lang", "dir", "class"},
        "a": {"href", "name"},
        "img": {"src", "alt", "width", "height"},
        "iframe": {"src", "width", "height", "allowfullscreen"},
        "video": {"src", "controls", "width", "height", "poster"},
        "audio": {"src", "controls"},
        "source": {"src", "type"},
        "embed": {"src", "type"},
        "ol": {"start", "type"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan", "scope"},
        "details": {"open"},
    },
    clean_content_tags={"script", "style"},
    url_schemes={*SAFE_SCHEMES, "data"},  # a picture in `data:` is for the author to see to, not lost unsaid
    link_rel=None,
)
_INLINE = frozenset("a abbr b bdi bdo cite code data del dfn em i ins kbd mark q s samp strong sub sup time tt".split())
_UNWRAPPED = ["span", "font", "u", "small", "abbr", "acronym", "bdi", "bdo", "cite", "data", "dfn", "ins", "mark"]
_UNWRAPPED += ["ruby", "rb", "rt", "rtc", "rp", "time", "var", "wbr", "map", "area"]
_BESIDE_TEXT = {"br", "img", "span", "font", "u", "small", *FRAMES}
_HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
_BOXES = ["div", "section", "article"]
_MERGED = ["b", "strong", "em", "i", "code", "del", "s"]
_CALLOUT = re.compile(r"(?:.*[-_])?(?:callout|note|notice|warning|alert|tip|danger|important|caution)(?:[-_].*)?")
_HEADING_ID = re.compile(r"[A-Za-z][\w-]*")


def read(html: str, link: Callable[[str], str], image: Callable[[str], str]) -> str:
    """The body as HTML that can stand in an article. link, image: what becomes of each address."""
    soup = parse(_CLEANER.clean(html))
    for tag in soup.find_all(True):
        if "href" in tag.attrs:
            tag["href"] = link(tag["href"])
        if "src" in tag.attrs:
            tag["src"] = image(tag["src"]) if tag.name == "img" else link(tag["src"])
    _drop_empty(soup)
    _open_wrappers(soup)
    return soup.decode_contents()


def parse(html: str) -> Tag:
    """The element that holds it all."""
    return BeautifulSoup(f"<div>{html}</div>", "html.parser").div


def prepare(root: Tag) -> None:
    """Bring a body into the shapes for which Markdown has words."""
    for tag in root.find_all(_is_callout):
        tag.name = "blockquote"
    _keep_anchors(root)
    for tag in root.find_all(_UNWRAPPED):
        tag.unwrap()
    root.smooth()
    for text in root.find_all(string=True):
        if text.find_parent("pre") is None:
            text.replace_with(NavigableString(re.sub(r"[ \t\r\n\f]+", " ", text)))
    for tag in root.find_all("br"):
        if tag.find_parent("pre") is not None:
            tag.replace_with("\n")
    for tag in reversed(root.find_all([*_MERGED, "a"])):
        _move_breaks_out(tag)
    for tag in root.find_all([*_MERGED, "a"]):
        if not tag.contents and not tag.get("id"):
            tag.extract()
        elif tag.name == "code" and tag.find("img"):
            tag.unwrap()
    breaks = root.find_all("br")
    for tag in [*breaks, *reversed(breaks)]:  # several in a row at either edge
        if tag.parent is not None and _is_at_edge(tag):
            tag.extract()
    for tag in root.find_all(_MERGED):
        while isinstance(tag.next_sibling, Tag) and tag.next_sibling.name == tag.name:
            tag.extend(tag.next_sibling.extract().contents[:])
    for tag in root.find_all(["ul", "ol"]):
        before = tag.find_previous_sibling()
        if tag.parent.name in ("ul", "ol") and before is not None and before.name == "li":
            before.append(tag.extract())
    root.smooth()


def is_inline(tag: Tag) -> bool:
    return tag.name in _INLINE


def _is_callout(tag: Tag) -> bool:
    return tag.name in ("div", "p", "aside", "section") and any(map(_CALLOUT.fullmatch, tag.get("class", [])))


def _keep_anchors(root: Tag) -> None:
    """Each id and name that a link can lead to becomes a heading's own, or an empty `<a id>`."""
    for tag in root.find_all(lambda tag: tag.get("id") or (tag.name == "a" and tag.get("name"))):
        anchor = tag.attrs.pop("id", None) or tag["name"]
        tag.attrs.pop("name", None)
        if tag.name in _HEADINGS and _HEADING_ID.fullmatch(anchor):
            tag["id"] = anchor
            continue
        mark = BeautifulSoup("", "html.parser").new_tag("a", id=anchor)
        if tag.name in ("table", "ul", "ol", "dl", "pre", "img", "hr", "iframe", "code", "tbody", "thead", "tr"):
            place = tag if tag.name not in ("tbody", "thead", "tr") else tag.find_parent("table") or tag
            place.insert_before(mark)
        else:
            tag.insert(0, mark)
            if tag.name == "a" and not tag.get("href"):
                tag.unwrap()


def _drop_empty(root: Tag) -> None:
    """Lists, headings and marks around nothing; the place of one that has an id stays."""
    for tag in reversed(root.find_all([*_HEADINGS, *_MERGED, "ul", "ol", "li"])):
        if tag.get_text(strip=True) or tag.find(["img", "hr", "table", *FRAMES]):
            continue
        if tag.get("id") or tag.find(id=True) or tag.find("a", attrs={"name": True}):
            tag.name = "p" if tag.name in _HEADINGS else tag.name
        elif tag.name in _MERGED and (tag.get_text() or tag.find("br")):
            tag.unwrap()
        else:
            tag.replace_with("" if tag.name in _MERGED else " ")  # words on both sides stay two


def _open_wrappers(root: Tag) -> None:
    """Boxes around the whole or a part of a body go, for steps are found at its top."""
    boxes = [root]
    while boxes:
        for tag in boxes.pop().find_all(_BOXES, recursive=False):
            holds = tag.find([*_HEADINGS, *_BOXES, "ol"], recursive=False)
            if holds is not None and not _is_callout(tag) and not tag.get("id"):
                boxes.append(tag.parent)
                tag.insert_before(" ")
                tag.insert_after(" ")  # words on both sides stay two
                tag.unwrap()


def _is_at_edge(tag: Tag) -> bool:
    """Where a line ends anyway."""
    for direction in ("previous_sibling", "next_sibling"):
        beside = getattr(tag, direction)
        while isinstance(beside, NavigableString) and not beside.strip(" "):
            beside = getattr(beside, direction)
        if beside is None and not is_inline(tag.parent):
            return True
        if isinstance(beside, Tag) and not is_inline(beside) and beside.name not in _BESIDE_TEXT:
            return True
    return False


def _move_breaks_out(tag: Tag) -> None:
    while tag.contents and isinstance(tag.contents[-1], Tag) and tag.contents[-1].name == "br":
        tag.insert_after(tag.contents[-1].extract())
    while tag.contents and isinstance(tag.contents[0], Tag) and tag.contents[0].name == "br":
        tag.insert_before(tag.contents[0].extract())
