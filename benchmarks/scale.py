"""What ten times the articles cost: `python benchmarks/scale.py`."""

import argparse
import sys
import tempfile
from pathlib import Path

from contenders import COLD, FLOOR, LINE, NOTHING, TITLE, after_a_change, floor, from_nothing
from corpus import make
from measure import Contender, take_turns
from table import described, ratio, table


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure `wizard build` with few articles and with many.")
    parser.add_argument("--articles", type=int, default=745, help="the few (default: %(default)s)")
    parser.add_argument("--times", type=int, default=10, help="as many times are the many (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="rounds (default: %(default)s)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wizard-benchmark-") as scratch:
        sizes = [options.articles, options.articles * options.times]
        contenders = [one for size in sizes for one in _contenders(Path(scratch, str(size)), size)]
        results = take_turns(contenders, options.repeat, Path(scratch))
        for size in sizes:
            rows = {name: result for name, result in results.items() if name.startswith(_mark(size))}
            print(described(Path(scratch, str(size), "articles"), options.repeat), "", sep="\n")
            print(table(rows, _mark(size) + FLOOR), "", sep="\n")
        few, many = map(_mark, sizes)
        print(f"| {sizes[1]} articles beside {sizes[0]} | times as long |", "|---|---|", sep="\n")
        for name in (FLOOR, COLD, LINE, TITLE, NOTHING):
            print(f"| {name} | {ratio(results[many + name], results[few + name]):.2f} |")
    return 0


def _contenders(work: Path, articles: int) -> list[Contender]:
    folder, mark = work / "articles", _mark(articles)
    make(folder, articles)
    return [
        floor(folder, work, mark),
        from_nothing(folder, work, mark)[0],
        *after_a_change(folder, work, mark),
    ]


def _mark(articles: int) -> str:
    return f"{articles}: "


if __name__ == "__main__":
    sys.exit(main())
