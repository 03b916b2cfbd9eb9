"""The parts of an article, written as Markdown or as HTML."""

from collections.abc import Sequence

Item = tuple[str, Sequence[str]]
"""A list item: its text, and the items below it."""


class Markdown:
    def bold(self, text: str) -> str:
        return f"**{text}**"

    def code(self, text: str) -> str:
        return f"`{text}`"

    def link(self, text: str, href: str) -> str:
        return f"[{text}]({href})"

    def image(self, alt: str, src: str) -> str:
        return f"![{alt}]({src})"

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * level} {text}"

    def paragraph(self, text: str) -> str:
        return text

    def items(self, items: Sequence[Item], ordered: bool) -> str:
        lines = []
        for number, (text, below) in enumerate(items, 1):
            mark = f"{number}. " if ordered else "- "
            lines.append(mark + text)
            lines += [f"{' ' * len(mark)}- {line}" for line in below]
        return "\n".join(lines)

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        head, *others = (f"| {' | '.join(row)} |" for row in rows)
        return "\n".join([head, "|" + "---|" * len(rows[0]), *others])

    def block_of_code(self, lines: Sequence[str]) -> str:
        return "\n".join(["```", *lines, "```"])


class Html:
    def bold(self, text: str) -> str:
        return f"<strong>{text}</strong>"

    def code(self, text: str) -> str:
        return f"<code>{text}</code>"

    def link(self, text: str, href: str) -> str:
        return f'<a href="{href}">{text}</a>'

    def image(self, alt: str, src: str) -> str:
        return f'<img src="{src}" alt="{alt}" />'

    def heading(self, level: int, text: str) -> str:
        return f"<h{level}>{text}</h{level}>"

    def paragraph(self, text: str) -> str:
        return f"<p>{text.replace('. ', '.<br />' + chr(10), 1)}</p>"

    def items(self, items: Sequence[Item], ordered: bool) -> str:
        tag = "ol" if ordered else "ul"
        lines = [f"<{tag}>"]
        for text, below in items:
            inner = "".join(f"<li>{line}</li>" for line in below)
            lines.append(f"  <li>{text}{f'<ul>{inner}</ul>' if inner else ''}</li>")
        return "\n".join([*lines, f"</{tag}>"])

    def table(self, rows: Sequence[Sequence[str]]) -> str:
        lines = [f"  <tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows]
        return "\n".join(["<table>", *lines, "</table>"])

    def block_of_code(self, lines: Sequence[str]) -> str:
        return "\n".join(["<pre>", *lines, "</pre>"])
