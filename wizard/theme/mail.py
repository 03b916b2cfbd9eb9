"""Mails of templates: one Markdown template becomes the subject, the text part and the HTML part.

What is filled in comes from customers, and is words only: it makes no link, no markup and no
further line, in either part.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment
from markdown_it import MarkdownIt
from markupsafe import Markup

from wizard.theme.setup import Theme

_JOINER = "\u2060"
"""Takes no room and breaks no line; no mail program makes a link of what it stands in."""
_MAKES_A_LINK = re.compile(r"(?<=:)(?=//)|(?<=\.)(?=[^\W\d_])")
_E_MAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+[.,;:]?")
"""Left as it is: it is there to be copied, and leads to no page."""
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_UNSEEN = {"Cc", "Cs"}
"""Categories of control characters and of halves of characters."""
_TURNS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Marks that turn the direction of what follows, so that it reads as something else."""


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    text: str
    html: str


class MailTemplates:
    """The theme's `mail/`."""

    def __init__(self, theme: Theme, wizard_address: str) -> None:
        """wizard_address: where the wizard answers, ending in `/`."""
        self._address = wizard_address
        self._as_text = self._environment(theme, str, "\n")
        self._as_markdown = self._environment(theme, _marked, "\\\n")
        self._layout = Environment(autoescape=True)
        theme.furnish(self._layout)

    def write(self, name: str, values: Mapping[str, str]) -> Letter:
        """Values that are Markup are taken as they are. Raises jinja2's TemplateError."""
        subject, text = self._filled(self._as_text, name, values)
        _, source = self._filled(self._as_markdown, name, values)
        body = Markup(MarkdownIt("commonmark", {"html": False}).render(source))
        html = self._layout.get_template("mail/layout.html").render(subject=subject, body=body)
        return Letter(subject, text, html)

    def address(self, *parts: str) -> Markup:
        """Of a page of the wizard: `address("receipts", reference)`."""
        return Markup(self._address + "".join(f"{quote(part, safe='')}/" for part in parts))

    def _environment(self, theme: Theme, marked: Callable[[str], str], line_end: str) -> Environment:
        """marked: how words are written in this part."""

        def harmless(value: object) -> object:
            return value if isinstance(value, Markup) else marked(plain(str(value)))

        def lines(value: str) -> Markup:
            """Keep the lines of a text that has several."""
            return Markup(line_end.join(marked(plain(line)) for line in value.splitlines()))

        def prose(value: str) -> Markup:
            """Words of staff: paragraphs and lines stay, and so do addresses, to be read and copied."""
            paragraphs = re.split(r"\n[ \t]*\n\s*", value.strip().replace("\r\n", "\n"))
            return Markup(
                "\n\n".join(line_end.join(marked(_seen(line)) for line in one.split("\n")) for one in paragraphs)
            )

        env = Environment(autoescape=False, finalize=harmless)
        theme.furnish(env, address=self.address)
        env.filters.update(lines=lines, prose=prose)
        return env

    def _filled(self, env: Environment, name: str, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body."""
        subject, _, body = env.get_template(f"mail/{name}.md").render(values).strip().partition("\n")
        return subject.strip(), f"{body.strip()}\n"


def plain(value: str) -> str:
    """One line of words that no mail program takes for a link."""
    words = _seen(value).split()
    return " ".join(word if _E_MAIL.fullmatch(word) else _MAKES_A_LINK.sub(_JOINER, word) for word in words)


def _seen(value: str) -> str:
    """One line, without what cannot be seen."""
    seen = (one for one in value if one.isspace() or unicodedata.category(one) not in _UNSEEN)
    return " ".join("".join(one for one in seen if one not in _TURNS).split())


def _marked(words: str) -> str:
    """Markdown that says these words."""
    return _PUNCTUATION.sub(r"\\\1", words)
