"""Articles as nobody should write them: real ones, changed at random in the ways in which files go wrong."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

PIECES = [
    *("<", ">", "&", "\0", "\ufeff", "\u2028", "\t", "\r\n", "\r", "'", '"', "`", "```\n", "~~~\n", "|", "\\", "!["),
    *("[", "](", "]", "[^1]", "\n[^1]: x\n", "---\n", "+++\n", "{{{\n", "}}}\n", "\n\n", "    ", "> ", "> [!NOTE]\n"),
    *(":::note\n", ":::\n", "1. ", "99999999999999999999. ", "- [x] ", "# ", "## Steps\n", "## What Is Next?\n"),
    *("{#a}", "{: #a .b}", "{:toc}", "{% include x %}", "{{ site.baseurl }}", "{{< ref 'x' >}}", "<!--", "-->"),
    *(
        "<script>",
        "</script>",
        "<style>",
        "<a href=",
        "<a href='javascript:x()'>",
        "<img src=x onerror=x()>",
        "<ol><li>",
    ),
    *(
        "<iframe src=//player.example/1>",
        "<iframe src='//evil.example/1'>",
        "</div>",
        "<table><tr><td>",
        "<p hx-get=/x>",
    ),
    *("<h2 onclick=x()>", "<svg onload=x()>", "<video src=x>", "<li data-line=99999999999999999999>", "title: x\n"),
    *("date: 99999-99-99\n", "permalink: ../x\n", "sticky: &a [*a]\n", "[x](action:usage-history)", "[x](action:)"),
    *(
        "[x](//[)",
        "[x](http://a:b/)",
        "[x](../../../etc/passwd)",
        "[x](%00%ff)",
        "[x](<\\>)",
        "&#0;",
        "&#x110000;",
        "\ud83d",
    ),
]


def mutated(files: list[Path], number: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(what it was made of, the changed file), `number` times; the same for the same seed."""
    random = Random(seed)
    sources = {file: file.read_bytes() for file in files}
    for _ in range(number):
        file = random.choice(files)
        content = sources[file].decode("utf-8", "replace")
        for _ in range(random.randint(1, 6)):
            content = _changed(content, random)
        yield file.name, _spoilt(content.encode("utf-8", "surrogatepass"), random)


def _changed(text: str, random: Random) -> str:
    lines = text.split("\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    place = random.randint(0, len(text))
    match random.randrange(8):
        case 0:
            del lines[one : one + random.randint(1, 5)]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case 3:
            return text[:place]
        case 4:
            lines[one] = random.choice(("> ", "  ", "- ", "1. ", "<div>", "[")) * random.randint(1, 150) + lines[one]
        case 5:
            return text[:place] + text[place + random.randint(1, 40) :]
        case _:
            return text[:place] + random.choice(PIECES) * random.choice((1, 1, 1, 2, 30)) + text[place:]
    return "\n".join(lines)


def _spoilt(content: bytes, random: Random) -> bytes:
    match random.randrange(12):
        case 0:
            return content.replace(b"\n", b"\r\n")
        case 1:
            return b"\xef\xbb\xbf" + content
        case 2:
            place = random.randint(0, len(content))
            return content[:place] + bytes(random.randrange(256) for _ in range(3)) + content[place:]
    return content
