"""The floor: markdown-it-py alone, in two processes: `python benchmarks/floor.py DIR`.

Reads every `.md` file below DIR and renders it; writes nothing. No builder that uses markdown-it-py can be faster.
"""

import os
import sys
from pathlib import Path

from markdown_it import MarkdownIt

PROCESSES = 2


def render(files: list[Path]) -> None:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for file in files:
        parser.render(file.read_text("utf-8-sig"))


def main(folder: Path) -> int:
    files = sorted(folder.rglob("*.md"))
    children = []
    for part in range(PROCESSES):
        child = os.fork()
        if not child:
            render(files[part::PROCESSES])
            os._exit(0)
        children.append(child)
    return max(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
