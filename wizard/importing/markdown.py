"""HTML to Markdown by markdownify, with what readers of CommonMark need and it does not give:
escapes only where they are needed, tables and frames that pipes cannot say as HTML, anchors kept."""

import re
from collections.abc import Callable
from html import escape

from bs4 import NavigableString, Tag
from markdownify import MarkdownConverter

from wizard.importing.body import is_inline, parse, prepare

_SPECIAL = re.compile(r"[\\`*\[\]]|<(?=[A-Za-z/!?])|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|&(?=#?\w+;)|!$")
_AT_START = re.compile(r"(\s*)(?:([-+](?=\s|$|-|\+)|#{1,6}(?=\s|$)|>|=)|(\d{1,9})([.)](?=\s|$)))")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>()\\\"\x00-\x1f]")
_PUNCTUATION = frozenset("!\"#$%&'(),-./:;<=>?@[\\]^`{|}~")
_LANGUAGE = re.compile(r"(?:language|lang)-([\w+#.-]+)")
_TEXT_BLOCKS = ["p", "div", "ul", "ol", "dl", "pre", "table", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"]
_NEWLINE = "\ue000"
"""Stands for a line's end in preformatted text while the rest is put on one line."""


def to_markdown(html: str) -> str:
    """Raises RecursionError for what is nested beyond reason."""
    root = parse(html)
    prepare(root)
    return (
        _Converter(heading_style="atx", bullets="-", newline_style="backslash", autolinks=False)
        .process_tag(root)
        .strip("\n")
    )


def _emphasis(mark: str, tag: str) -> Callable[["_Converter", Tag, str, set[str]], str]:
    """Marks where CommonMark reads them as such, else the tag."""

    def convert(self: "_Converter", el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return text
        before, inner, after = _split_spaces(text)
        if not inner:
            return before
        left = before or _neighbour(el, "previous_sibling")
        right = after or _neighbour(el, "next_sibling")
        if _flanks(left[-1:], inner[0]) and _flanks(right[:1], inner[-1]):
            return f"{before}{mark}{inner}{mark}{after}"
        return f"{before}<{tag}>{inner}</{tag}>{after}"

    return convert


class _Converter(MarkdownConverter):
    _starts_line = False

    def process_text(self, el: NavigableString, parent_tags: set[str] | None = None) -> str:
        self._starts_line = _starts_line(el)
        return super().process_text(el, parent_tags)

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = _SPECIAL.sub(r"\\\g<0>", text)
        if self._starts_line:
            text = (
                _AT_START.sub(lambda at: at[1] + (f"\\{at[2]}" if at[2] else f"{at[3]}\\{at[4]}"), text, count=1)
                if _AT_START.match(text)
                else text
            )
        if "td" in parent_tags or "th" in parent_tags:
            text = text.replace("|", r"\|")
        if any(re.fullmatch("h[1-6]", tag) for tag in parent_tags):
            text = re.sub(r"#(?=#*\s*$)", r"\\#", text)
        return text

    convert_b = convert_strong = _emphasis("**", "strong")
    convert_em = convert_i = _emphasis("*", "em")
    convert_del = convert_s = convert_strike = _emphasis("~~", "del")

    def convert_sub(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return text if "_noformat" in parent_tags else f"<{el.name}>{text}</{el.name}>"

    convert_sup = convert_q = convert_sub

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if el.get("id"):
            return "" if "_noformat" in parent_tags else f'<a id="{escape(el["id"])}"></a>'
        before, inner, after = _split_spaces(text)
        if "_noformat" in parent_tags or not inner or not el.get("href"):
            return text
        return f"{before}[{inner}]({_address(el['href'])}{_title(el)}){after}"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        self._starts_line = False
        alt = self.escape(" ".join(el.get("alt", "").split()), parent_tags)
        if not el.get("src"):
            return alt
        if el.get("width", "").isdigit() or el.get("height", "").isdigit():
            return _on_lines(el)
        return f"![{alt}]({_address(el['src'])}{_title(el)})"

    def convert_br(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        if "_noformat" in parent_tags:
            return " "
        return "<br>" if "_inline" in parent_tags else "\\\n"

    def convert_code(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        written = super().convert_code(el, text, parent_tags)
        return written.replace("|", r"\|") if {"td", "th"} & parent_tags else written

    convert_kbd = convert_samp = convert_tt = convert_code

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        classes = " ".join(
            [*el.get("class", []), *(one for code in el.find_all("code") for one in code.get("class", []))]
        )
        language = _LANGUAGE.search(classes)
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
        return f"\n\n{fence}{language[1] if language else ''}\n{text.strip(chr(10))}\n{fence}\n\n" if text else ""

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:
        anchor = f" {{#{el['id']}}}" if el.get("id") and text.strip() else ""
        return super().convert_hN(n, el, f"{text.strip()}{anchor}", parent_tags)

    def convert_list(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        before, after = el.find_previous_sibling(), el.find_next_sibling(string=str.strip) or el.find_next_sibling()
        if "li" in parent_tags:
            interrupts = el.name == "ul" or el.get("start", "1") == "1"
            return ("\n" if interrupts else "\n\n") + text.rstrip() + ("\n\n" if after else "")
        apart = "<!-- -->\n\n" if before is not None and before.name == el.name else ""
        return f"\n\n{apart}{text}\n\n"

    convert_ul = convert_ol = convert_list

    def convert_table(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return super().convert_table(el, text, parent_tags) if _fits_pipes(el) else self._as_html(el)

    def convert_iframe(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return str(el) if "_inline" in parent_tags else self._as_html(el)

    convert_video = convert_audio = convert_embed = convert_iframe

    def convert_dl(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self._as_html(el)

    convert_details = convert_dl

    def convert_aside(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        return self.convert_div(el, text, parent_tags)

    convert_center = convert_header = convert_footer = convert_figure = convert_nav = convert_hgroup = convert_aside

    def _as_html(self, el: Tag) -> str:
        return f"\n\n{_on_lines(el)}\n\n"


def _on_lines(el: Tag) -> str:
    """An element as HTML without an empty line, which would end it in Markdown."""
    for text in el.find_all(string=True):
        if text.find_parent("pre") is not None:
            text.replace_with(NavigableString(text.replace("\n", _NEWLINE)))
    html = re.sub(r"\s*\n\s*", " ", str(el)).replace(_NEWLINE, "&#10;")
    return re.sub(r"(?=<tr\b|</table>|<tbody\b|<dt\b|<dd\b|</dl>)(?<!^)", "\n", html)


def _fits_pipes(table: Tag) -> bool:
    """One row of heads, then rows of as many plain cells, each a line of text."""
    rows = [row.find_all(["td", "th"]) for row in table.find_all("tr")]
    if not rows or table.find(["table", "caption", "tfoot"]) or not rows[0]:
        return False
    names = [{cell.name for cell in row} for row in rows]
    if names[0] != {"th"} or any(one != {"td"} for one in names[1:]) or {len(row) for row in rows} != {len(rows[0])}:
        return False
    cells = [cell for row in rows for cell in row]
    return not any(
        {"colspan", "rowspan"} & cell.attrs.keys()
        or cell.find(["iframe", "video", "details"])
        or len(cell.find_all(_TEXT_BLOCKS)) > 1
        or cell.find(_TEXT_BLOCKS[2:])
        for cell in cells
    )


def _split_spaces(text: str) -> tuple[str, str, str]:
    """Space before, text, space after: no mark may stand beside a space."""
    inner = text.strip()
    if not inner:
        return (" " if text else ""), "", ""
    return " " * text[0].isspace(), inner, " " * text[-1].isspace()


def _neighbour(el: Tag, direction: str) -> str:
    """The text beside an inline element; where an element stands, a sign like its
    first or last; nothing at a block's edge."""
    while True:
        beside = getattr(el, direction)
        if isinstance(beside, NavigableString):
            return str(beside)
        if isinstance(beside, Tag):
            if beside.name in ("a", "code", "kbd", "samp", "img"):
                return "("
            return "*" if is_inline(beside) else ""
        if el.parent is None or not is_inline(el.parent):
            return ""
        if el.parent.name != "a":
            return "*"
        return "("


def _flanks(outside: str, inside: str) -> bool:
    """Whether marks between these characters open or close."""
    if outside == "" or outside.isspace():
        return True
    if outside == "*" or outside == "_":
        return False
    return inside.isalnum() if outside.isalnum() else outside in _PUNCTUATION


def _starts_line(text: NavigableString) -> bool:
    el = text
    while el.parent is not None:
        before = el.previous_sibling
        while (
            isinstance(before, NavigableString)
            and not before.strip()
            or isinstance(before, Tag)
            and before.get("id")
            and not before.contents
        ):
            before = before.previous_sibling
        if before is not None:
            return isinstance(before, Tag) and not is_inline(before) and before.name != "img"
        if not is_inline(el.parent):
            return True
        el = el.parent
    return True


def _address(href: str) -> str:
    return _UNSAFE_IN_ADDRESS.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), href.strip())


def _title(el: Tag) -> str:
    title = " ".join(el.get("title", "").split())
    return ' "{}"'.format(re.sub(r'(["\\&<])', r"\\\1", title)) if title else ""
