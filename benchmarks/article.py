"""One invented article: front matter, and a body of a wanted size with the parts that real ones have.

The shares and weights were measured on 232 articles of a cloud provider's public knowledge base.
"""

from collections.abc import Callable, Sequence

import heads
from markup import Html, Item, Markdown
from prose import Prose

_SHARES = {
    "html": 0.18,  # the whole body is HTML
    "raw": 0.17,  # a Markdown body with HTML in it
    "headings": 0.8,
    "steps": 0.42,
    "bullets": 0.6,
    "nested": 0.36,  # of the lists of bullets
    "tables": 0.13,
    "code": 0.2,
    "bold": 0.62,
    "inline code": 0.15,
    "pictures": 0.48,
    "articles": 0.42,  # links to other articles
    "web": 0.42,  # links to other sites
    "mail": 0.14,
    "contents": 0.08,  # begins with links to its own headings
    "guide": 0.1,  # of the articles with steps: they have live ones
}
_WEIGHTS = {"text": 9.0, "steps": 1.2, "bullets": 1.8, "tables": 0.9, "code": 8.0, "pictures": 3.2, "raw": 3.0}
_WITHIN = {"bold": 0.2, "inline code": 0.2, "articles": 0.002, "web": 0.09, "mail": 0.005}
"""Share of the sentences, in articles that have such a thing."""
_ACTIONS = ("sign-in", "usage-history", "my-services", "retrieve-data", "request-closure")
_AUTHORS = ("Ada Miller", "Support team", "Jonas Berg", "Billing team", "Mira Okafor")


class Writer:
    """Writes articles in turn.

    link: from an article's path to a random other's title and relative address.
    image: the same for a picture: its relative address.
    """

    def __init__(self, prose: Prose, link: Callable[[str], tuple[str, str]], image: Callable[[str], str]) -> None:
        self.prose, self.rng = prose, prose.rng
        self._link, self._image = link, image

    def write(self, path: str, title: str, size: int) -> str:
        """The file of the article `path`, of about `size` bytes."""
        self.path = path
        self.has = {name for name, share in _SHARES.items() if self.rng.random() < share}
        self.due = [name for name in _WITHIN if name in self.has]
        self.markup = Html() if "html" in self.has else Markdown()
        front = self._front_matter(title, "html" in self.has)
        return front + "\n" + self._body(size - len(front))

    def overview(self, title: str, links: Sequence[tuple[str, str]]) -> str:
        """The article that leads to all others of its folder, so that readers reach each."""
        self.has, self.due, self.markup = set(), [], Markdown()
        items = [(self.markup.link(text, href), ()) for text, href in links]
        body = [self._text(), self.markup.items(items, ordered=False)]
        return self._front_matter(title, False, sticky=True) + "\n" + "\n\n".join(body) + "\n"

    def _front_matter(self, title: str, is_html: bool, sticky: bool = False) -> str:
        rng = self.rng
        year, month, day = rng.randint(2013, 2025), rng.randint(1, 12), rng.randint(13, 28)
        values = {
            "title": title,
            "date": rng.choice((f"{year}-{month:02}-{day}", f"{month}-{day}-{year}")),
            "author": rng.choice(_AUTHORS),
            "attachments": [],
            "contentIsHTML": is_html,
        }
        if sticky or rng.random() < 0.1:
            values["sticky"] = True
        if rng.random() < 0.22:
            values["related-products"] = [self.prose.name(1) for _ in range(2)]
        if rng.random() < 0.5:
            values["keywords"] = [self.prose.name(rng.randint(1, 2)).lower() for _ in range(rng.randint(2, 6))]
        return rng.choices((heads.yaml, heads.braces, heads.toml), weights=(5, 4, 1))[0](values)

    def _body(self, size: int) -> str:
        kinds = [name for name in _WEIGHTS if name == "text" or name in self.has]
        weights = [_WEIGHTS[kind] for kind in kinds]
        due = [kind for kind in kinds if kind not in ("text", "steps")]
        blocks, headings = [self._text()], []
        if "steps" in self.has:
            headings.append("Steps" if self.rng.random() < 0.5 else self.prose.name(3))
            blocks += [self.markup.heading(3, headings[0]), self._steps("guide" in self.has)]
        while sum(len(block) + 2 for block in blocks) < size - 150:
            if "headings" in self.has and (not headings or self.rng.random() < 0.3):
                headings.append(self.prose.name(self.rng.randint(2, 4)))
                blocks.append(self.markup.heading(self.rng.choice((2, 3, 3, 3, 4)), headings[-1]))
            kind = due.pop() if due else self.rng.choices(kinds, weights)[0]
            blocks.append(getattr(self, f"_{kind}")())
        if "contents" in self.has and headings:
            links = [(self.markup.link(one, "#" + one.lower().replace(" ", "-")), ()) for one in headings]
            blocks.insert(1, self.markup.items(links, ordered=False))
        return "\n\n".join(blocks) + "\n"

    def _text(self) -> str:
        count = min(8, int(self.rng.expovariate(0.42)) + 1)
        return self.markup.paragraph(" ".join(self._sentence() for _ in range(count)))

    def _sentence(self) -> str:
        """With what the article has within its lines: a link, bold words, code. Each comes at least once."""
        markup, prose = self.markup, self.prose
        sentence = prose.sentence(self.rng.randint(6, 20))
        match self.due.pop() if self.due else self._within():
            case "bold":
                return f"{markup.bold(prose.name(3) + ':')} {sentence}"
            case "inline code":
                return f"{sentence[:-1]} {markup.code(prose.name(2).lower())}."
            case "articles":
                return f"{sentence} See {markup.link(*self._link(self.path))}."
            case "web":
                page = prose.name(2).lower().replace(" ", "-")
                return f"{sentence[:-1]} {markup.link(prose.name(2), f'https://www.example.com/{page}')}."
            case "mail":
                return f"{sentence[:-1]} {markup.link('help@example.com', 'mailto:help@example.com')}."
        return sentence

    def _within(self) -> str:
        kind = self.rng.choices(("", *_WITHIN), (1 - sum(_WITHIN.values()), *_WITHIN.values()))[0]
        return kind if kind in self.has else ""

    def _steps(self, is_live: bool = False) -> str:
        items: list[Item] = [(self._sentence(), self._below(0.15)) for _ in range(self.rng.randint(3, 8))]
        if is_live:
            for place, action in enumerate(_ACTIONS[: len(items)]):
                link = self.markup.link(action.replace("-", " ").capitalize(), f"action:{action}")
                items[place] = (f"{items[place][0]} {link}.", items[place][1])
        if "pictures" in self.has:
            items = [
                (f"{text} {self._pictures()}" if self.rng.random() < 0.3 else text, below) for text, below in items
            ]
        return self.markup.items(items, ordered=True)

    def _bullets(self) -> str:
        items = [(self._sentence(), self._below(0.25)) for _ in range(self.rng.randint(2, 7))]
        return self.markup.items(items, ordered=False)

    def _below(self, share: float) -> list[str]:
        if "nested" not in self.has or self.rng.random() > share:
            return []
        return [self._sentence() for _ in range(self.rng.randint(1, 4))]

    def _tables(self) -> str:
        columns = self.rng.randint(2, 5)
        return self.markup.table([self.prose.words(columns) for _ in range(self.rng.randint(4, 12))])

    def _code(self) -> str:
        return self.markup.block_of_code([self.prose.line_of_code() for _ in range(self.rng.randint(1, 8))])

    def _pictures(self) -> str:
        return self.markup.image(self.prose.name(2), self._image(self.path))

    def _raw(self) -> str:
        markup, self.markup = self.markup, Html()
        block = self._tables() if self.rng.random() < 0.03 else self._text()
        self.markup = markup
        return block
