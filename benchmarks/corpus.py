"""Make a knowledge base of any size: `python benchmarks/corpus.py --articles 745 --out DIR`.

Like a real one in sizes, lists, tables and links, the same for the same seed, and without a finding.
"""

import argparse
import math
import posixpath
import random
import struct
import sys
import zlib
from pathlib import Path
from urllib.parse import quote

from article import Writer
from prose import Prose

_SIZES = {
    0: 521, 0.01: 585, 0.05: 900, 0.1: 1088, 0.2: 1691, 0.3: 2139, 0.4: 2664, 0.5: 3150, 0.6: 3722, 0.7: 4600,
    0.8: 6093, 0.9: 11803, 0.95: 16551, 0.98: 23641, 0.99: 31694, 1: 68410,
}  # fmt: skip
"""Share of the real articles -> the bytes that none of them exceeds."""
_SCALE = 1.066
"""The larger base that is imitated has 5.4 KB an article."""
_TOP = """
Servers, Getting started, Accounts & users, Backup, Billing, Support, Networks, Security, Databases, Mail,
Object storage, Control panel, Domains, Monitoring, Service tasks, Certificates, Containers, Migration, Licences,
Partners
""".replace("\n", " ").strip().split(", ")  # fmt: skip
_BELOW = ("Reference", "Questions", "How to", "Limits", "Releases", "Examples", "Old versions")
_ARTICLES_A_FOLDER = 745 / 29


def make(out: Path, articles: int, seed: int = 1) -> None:
    """Write `articles` articles and their pictures below the folder `out`, which must be empty or new."""
    rng = random.Random(seed)
    prose = Prose(rng)
    paths = _paths(articles, prose)
    pictures = [f"images/picture-{number}.png" for number in range(1, max(1, articles // 6) + 1)]
    names = list(paths)

    def link(source: str) -> tuple[str, str]:
        target = rng.choice(names)
        return paths[target], _relative(target, source)

    def image(source: str) -> str:
        return _relative(rng.choice(pictures), source)

    writer = Writer(prose, link, image)
    sizes = _sizes(articles, rng)
    for (path, title), size in zip(paths.items(), sizes, strict=True):
        folder = posixpath.dirname(path)
        if path.endswith("/overview.md"):
            others = [other for other in names if posixpath.dirname(other) == folder and other != path]
            text = writer.overview(title, [(paths[other], _relative(other, path)) for other in others])
        else:
            text = writer.write(path, title, size)
        _write(out / path, text.encode())
    for number, picture in enumerate(pictures):
        _write(out / picture, _png(320 + number % 400, 200 + number % 300))


def _paths(articles: int, prose: Prose) -> dict[str, str]:
    """Path -> title of each article; some folders hold many, most hold few, each has an overview."""
    folders = [_folder(number) for number in range(max(1, round(articles / _ARTICLES_A_FOLDER)))]
    paths = {
        f"{folder}/overview.md": f"{posixpath.basename(folder)} overview {number}"
        for number, folder in enumerate(folders, 1)
    }
    weights = [1 / (rank + 2) for rank in range(len(folders))]
    titles: set[str] = set()
    while len(paths) < articles:
        title = prose.name(prose.rng.randint(3, 6))
        if title not in titles:
            titles.add(title)
            folder = prose.rng.choices(folders, weights)[0]
            paths[f"{folder}/{title.lower().replace(' ', '-')}.md"] = title
    return paths


def _folder(number: int) -> str:
    above, below = number % len(_TOP), number // len(_TOP)
    if not below:
        return _TOP[above]
    again = f" {below // len(_BELOW) + 1}" if below >= len(_BELOW) else ""
    return f"{_TOP[above]}/{_BELOW[below % len(_BELOW)]}{again}"


def _sizes(articles: int, rng: random.Random) -> list[int]:
    """Evenly spaced along the real distribution, so that the sum hardly depends on the seed."""
    shares = list(_SIZES)
    sizes = []
    for number in range(articles):
        share = (number + 0.5) / articles
        low, high = next((a, b) for a, b in zip(shares, shares[1:], strict=False) if a <= share <= b)
        part = (share - low) / (high - low)
        sizes.append(round(_SCALE * math.exp((1 - part) * math.log(_SIZES[low]) + part * math.log(_SIZES[high]))))
    rng.shuffle(sizes)
    return sizes


def _relative(target: str, source: str) -> str:
    return quote(posixpath.relpath(target, posixpath.dirname(source)))


def _png(width: int, height: int) -> bytes:
    """A grey picture of one bit a pixel: tiny, and of a size that must be read."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = (b"\0" + b"\xaa" * ((width + 7) // 8)) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description="Make a knowledge base of invented articles.")
    parser.add_argument("--articles", type=int, default=745, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another gives others (default: %(default)s)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder")
    options = parser.parse_args()
    if options.out.exists() and any(options.out.iterdir()):
        print(f"corpus: {options.out} is not empty; name a new folder with --out.", file=sys.stderr)
        return 2
    make(options.out, options.articles, options.seed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
