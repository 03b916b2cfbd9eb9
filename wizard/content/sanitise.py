"""Article HTML is text and pictures: no script, handler, style, form, frame or `hx-` attribute passes."""

import nh3

from wizard.content.callouts import KINDS
from wizard.content.marks import SCHEMES

_ATTRIBUTES = {
    "*": {"id", "title", "lang", "dir", "data-line"},
    "a": {"href", "name", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "ol": {"start", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "details": {"open"},
    "time": {"datetime"},
    "blockquote": {"cite"},
    "q": {"cite"},
}
_CLASSES = {
    "td": {"right", "center"},
    "th": {"right", "center"},
    "div": {"callout", *KINDS, "footnotes"},
    "p": {"callout-title"},
    "li": {"task"},
}
SAFE_SCHEMES = ("http", "https", "mailto", "tel")
_NEVER = {"style", "form", "input", "button", "select", "option", "textarea"}
_CLEANER = nh3.Cleaner(
    tags=nh3.ALLOWED_TAGS - _NEVER,
    attributes=_ATTRIBUTES,
    tag_attribute_values={"div": {"role": {"note"}}},
    allowed_classes=_CLASSES,
    url_schemes={*SAFE_SCHEMES, *SCHEMES},
    clean_content_tags={"script", "style"},
    link_rel=None,
)


def sanitise(html: str) -> str:
    """The harmless part of `html`, well-formed."""
    return _CLEANER.clean(html)
