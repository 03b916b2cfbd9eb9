"""How fast the site is built, beside the floor and the peers: `python benchmarks/build.py`."""

import argparse
import sys
import tempfile
from pathlib import Path

from contenders import FLOOR, after_a_change, floor, from_nothing
from corpus import make
from measure import take_turns
from peers import peers
from table import described, table


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure `wizard build` beside its floor and its peers.")
    parser.add_argument("--articles", type=int, default=745, help="how many to invent (default: %(default)s)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="measure with these articles instead")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="rounds (default: %(default)s)")
    options = parser.parse_args()
    if options.folder and not options.folder.is_dir():
        parser.error(f"{options.folder}: there is no such folder")
    with tempfile.TemporaryDirectory(prefix="wizard-benchmark-") as scratch:
        work = Path(scratch)
        folder = options.folder.resolve() if options.folder else work / "articles"
        if not options.folder:
            make(folder, options.articles)
        contenders = [
            floor(folder, work),
            *from_nothing(folder, work),
            *after_a_change(folder, work),
            *peers(folder, work),
        ]
        results = take_turns(contenders, options.repeat, work)
        print(described(folder, options.repeat), "", table(results, FLOOR), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
