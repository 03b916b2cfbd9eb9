"""Headings as they are shown: levels from 2 without gaps, and ids as the forges make them, so that
links to places in a page work here as there."""

import re

from wizard.content.addresses import marks_in
from wizard.content.article import Heading
from wizard.content.fragments import line_of, plain

EXPLICIT = re.compile(r"\{#([A-Za-z][\w-]*)\}")
"""An id that the author gives to a heading or a step."""
NEXT = re.compile(r"^what( is|['\u2019]?s) next ?\??$", re.IGNORECASE)
"""The heading of What Is Next, as plain text."""
NEXT_ANCHOR = "what-is-next"

_HEADING = re.compile(r"<h([1-6])\b([^>]*)>(.*?)</h\1>", re.DOTALL)
_HEADING_IN = re.compile(r"<h[1-6]\b")
_ID = re.compile(r'\bid="([^"]+)"')
_OTHER_ID = re.compile(r'<(?!h[1-6]\b)[a-z][a-z0-9]* [^>]*?\bid="([^"]*)"')
_DROPPED = re.compile(r"[^\w\- ]+")
_STEP = re.compile(r"step-\d+")


def name_headings(html: str, title: str) -> tuple[str, list[Heading]]:
    """`html` with a level and an id for each heading. title: the article's; a first heading that
    repeats it is dropped."""
    headings: list[Heading] = []
    names = _Names(_OTHER_ID.findall(html) if ' id="' in html else [], has_steps="<ol" in html)
    stack: list[int] = []

    def replace(found: re.Match[str]) -> str:
        inner = found[3]
        if _HEADING_IN.search(inner):  # only a table lets that be, and this end belongs to the inner one
            return found[0]
        text = plain(inner)
        if not headings and text == title and not html[: found.start()].strip():
            return ""
        level = int(found[1])
        while stack and stack[-1] >= level:
            stack.pop()
        stack.append(level)
        rendered = min(len(stack) + 1, 6)
        if explicit := EXPLICIT.search(text):
            inner, text = without_id(inner), without_id(text)
            wanted = explicit[1]
        elif own := _ID.search(found[2]):
            wanted = own[1]
        else:
            wanted = NEXT_ANCHOR if NEXT.search(text) else anchor(text)
        name = names.free(wanted)
        headings.append(Heading(rendered, text, name))
        return f'<h{rendered} id="{name}" data-line="{line_of(found[2])}">{inner}</h{rendered}>'

    return _HEADING.sub(replace, html), headings


def without_id(text: str) -> str:
    found = EXPLICIT.search(text)
    return text[: found.start()].rstrip() + text[found.end() :] if found else text


def anchor(text: str) -> str:
    """`Roles & rights: an overview` -> `roles--rights-an-overview`"""
    return _DROPPED.sub(lambda found: marks_in(found[0]), text.lower()).strip(" ").replace(" ", "-") or "section"


class _Names:
    """Gives each id once: a second `notes` is `notes-1`."""

    def __init__(self, taken: list[str], has_steps: bool) -> None:
        self._taken = dict.fromkeys(taken, 0)
        self._has_steps = has_steps

    def free(self, wanted: str) -> str:
        if wanted not in self._taken and not (self._has_steps and _STEP.fullmatch(wanted)):
            self._taken[wanted] = 0
            return wanted
        number = self._taken.get(wanted, 0) + 1
        while f"{wanted}-{number}" in self._taken:
            number += 1
        self._taken[wanted] = number
        self._taken[f"{wanted}-{number}"] = 0
        return f"{wanted}-{number}"
