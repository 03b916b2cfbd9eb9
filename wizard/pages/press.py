"""Pages are pressed into the folder: a few at once, many by Frozen-Flask and in several processes.

Both ways make the same bytes. A process reads the articles whose pages it presses, so that their
text never leaves it; what comes back is what others may know of them.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from wizard.content.findings import Finding
from wizard.content.policy import Policy
from wizard.content.reader import read_article
from wizard.content.shelf import Asker, Shelf
from wizard.errors import SetupError
from wizard.pages.folder import Folder
from wizard.pages.heads import Heads
from wizard.pages.memory import pack
from wizard.pages.site import Site

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

FEW = 40
"""Below that, starting Flask or a process costs more than it saves."""
_BATCH = 100
"""Articles whose results are handed over at once."""


class Pressed(NamedTuple):
    card: tuple
    findings: tuple[Finding, ...]
    answers: bytes
    places: tuple[str, ...]


class Press:
    """Reads articles and presses their pages."""

    def __init__(self, shelf: Shelf, policy: Policy, heads: Heads, site: Site | None, folder: Folder | None) -> None:
        """Without a site and a folder, articles are read and nothing is written."""
        self.shelf, self.policy, self.heads = shelf, policy, heads
        self.site, self.folder = site, folder
        self.pressed: dict[str, Pressed] = {}
        self._there: Connection | None = None
        """In a process of its own, the way to the first."""

    def article(self, address: str, is_guide: bool = True) -> str:
        """Read the article at this address, and return its page."""
        entry, ask = self.shelf.entries[address], Asker(self.shelf)
        head = self.heads.whole(entry.path)
        article, findings = read_article(head, ask, self.policy)
        page, places, source = "", [f"{address[1:]}index.html"], ask("source", address)
        if source:
            places.append(source[1:])
        if self.site and self.folder:
            page = self.site.article(article, ask, article.is_guide and is_guide)
            if source:
                self.folder.put(source[1:], head.content)
        self.pressed[address] = Pressed(article.card().plain(), tuple(findings), pack(ask.answers), tuple(places))
        self.heads.give_up([entry.path])
        if self._there and len(self.pressed) >= _BATCH:
            self._hand_over()
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
        from multiprocessing import get_context
        from multiprocessing.connection import wait

        if self.folder:
            import wizard.pages.freeze  # noqa: F401 - once, before the forks
        context = get_context("fork")
        workers: dict[Connection, BaseProcess] = {}
        for part in range(jobs):
            here, there = context.Pipe(duplex=False)
            worker = context.Process(target=self._work, args=(addresses[part::jobs], there))
            worker.start()
            there.close()
            workers[here] = worker
        self.heads.give_up_others(())
        left = list(workers)
        try:
            while left:
                for here in wait(left):
                    if not self._take(here):
                        left.remove(here)
        except (OSError, SetupError):
            for worker in workers.values():
                worker.terminate()  # it would wait for ever to hand over what nobody takes
            raise
        for worker in workers.values():
            worker.join()
        if any(worker.exitcode for worker in workers.values()):
            raise RuntimeError("a process that writes pages has failed; its error stands above")

    def _work(self, addresses: Sequence[str], there: "Connection") -> None:
        """In a process of its own."""
        self.heads.give_up_others(self.shelf.entries[address].path for address in addresses)
        self._there = there
        if self.folder:
            self.folder.marks, self.folder.written = {}, 0
        try:
            self.some(addresses)
            self._hand_over()
        except (OSError, SetupError) as error:
            there.send(error)
        except KeyboardInterrupt:
            sys.exit(130)  # the parent was stopped too, and says so
        there.close()
        sys.stdout.flush()

    def _hand_over(self) -> None:
        """A part of the results, so that they do not heap up here, and the first process is busy in time."""
        folder = self.folder
        self._there.send((self.pressed, folder and (folder.marks, folder.written)))
        self.pressed = {}
        if folder:
            folder.marks, folder.written = {}, 0

    def _take(self, here: "Connection") -> bool:
        """A part of what a process has done; false where there is no more. Raises what it has raised."""
        try:
            found = here.recv()
        except EOFError:
            return False  # where it has failed, its exit code says so
        if isinstance(found, Exception):
            raise found
        pressed, done = found
        self.pressed |= pressed
        if self.folder and done:
            marks, written = done
            self.folder.marks |= marks
            self.folder.written += written
        return True
