"""Pages are pressed into the folder: a few at once, many by Frozen-Flask and in several processes.

Both ways make the same bytes. A process reads the articles whose pages it presses, so that their
text never leaves it; what comes back is what others may know of them.
"""

import sys
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from wizard.content.findings import Finding
from wizard.content.policy import Policy
from wizard.content.reader import Head, read_article
from wizard.content.shelf import Answers, Asker, Shelf
from wizard.errors import SetupError
from wizard.pages.folder import Folder
from wizard.pages.site import Site

FEW = 40
"""Below that, starting Flask or a process costs more than it saves."""


class Pressed(NamedTuple):
    card: tuple
    findings: tuple[Finding, ...]
    answers: Answers
    places: tuple[str, ...]


class Press:
    """Reads articles and presses their pages."""

    def __init__(
        self, shelf: Shelf, policy: Policy, head: Callable[[str], Head], site: Site | None, folder: Folder | None
    ) -> None:
        """head: of a path. Without a site and a folder, articles are read and nothing is written."""
        self.shelf, self.policy, self.head = shelf, policy, head
        self.site, self.folder = site, folder
        self.pressed: dict[str, Pressed] = {}

    def article(self, address: str, is_guide: bool = True) -> str:
        """Read the article at this address, and return its page."""
        entry, ask = self.shelf.entries[address], Asker(self.shelf)
        head = self.head(entry.path)
        article, findings = read_article(head, ask, self.policy)
        page, places, source = "", [f"{address[1:]}index.html"], ask("source", address)
        if source:
            places.append(source[1:])
        if self.site and self.folder:
            page = self.site.article(article, ask, article.is_guide and is_guide)
            if source:
                self.folder.put(source[1:], head.content)
        self.pressed[address] = Pressed(article.card().plain(), tuple(findings), ask.answers, tuple(places))
        return page

    def some(self, addresses: Sequence[str]) -> None:
        """Press these articles' pages in this process. Raises OSError and SetupError."""
        if not self.site or not self.folder:
            for address in addresses:
                self.article(address)
        elif len(addresses) < FEW:
            for address in addresses:
                self.folder.put(f"{address[1:]}index.html", self.article(address).encode())
        else:
            from wizard.pages.freeze import freeze

            freeze(self.article, addresses, self.folder)

    def all(self, addresses: Sequence[str], jobs: int) -> None:
        """The same, with several processes where that saves time."""
        if jobs < 2 or len(addresses) < FEW:
            self.some(addresses)
            return
        if self.folder:
            import wizard.pages.freeze  # noqa: F401 - once, before the forks
        context = get_context("fork")
        workers = []
        for part in range(jobs):
            here, there = context.Pipe(duplex=False)
            worker = context.Process(target=self._work, args=(addresses[part::jobs], there))
            worker.start()
            there.close()
            workers.append((worker, here))
        for worker, here in workers:
            self._take(here)
            worker.join()
        if any(worker.exitcode for worker, _ in workers):
            raise RuntimeError("a process that writes pages has failed; its error stands above")

    def _work(self, addresses: Sequence[str], there: Connection) -> None:
        """In a process of its own."""
        try:
            self.some(addresses)
            there.send((self.pressed, self.folder and (self.folder.marks, self.folder.written)))
        except (OSError, SetupError) as error:
            there.send(error)
        there.close()
        sys.stdout.flush()

    def _take(self, here: Connection) -> None:
        try:
            found = here.recv()
        except EOFError:
            return  # it has failed, and its exit code says so
        if isinstance(found, Exception):
            raise found
        pressed, done = found
        self.pressed |= pressed
        if self.folder and done:
            marks, written = done
            self.folder.marks |= marks
            self.folder.written += written
