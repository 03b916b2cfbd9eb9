"""Pages are pressed into the folder: a few at once, many by Frozen-Flask and in several processes.

Both ways make the same bytes. A process reads the articles whose pages it presses, so that their
text never leaves it; what comes back is what others may know of them.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from wizard.content.article import Card
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
_BATCH = 8
"""Articles that a process is given, and whose results it hands over, at once."""


class Pressed(NamedTuple):
    card: Card
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
        self.pressed[address] = Pressed(article.card(), tuple(findings), pack(ask.answers), tuple(places))
        self.heads.give_up([entry.path])
        return page

    def all(self, addresses: Sequence[str], jobs: int) -> None:
        """Press these articles' pages, by several processes where that saves time. Raises OSError and SetupError."""
        if len(addresses) < FEW:
            for address in addresses:
                page = self.article(address)
                if self.folder:
                    self.folder.put(f"{address[1:]}index.html", page.encode())
        elif jobs < 2:
            self._many(addresses)
        else:
            self._share(addresses, jobs)

    def _many(self, addresses: Iterable[str]) -> None:
        if not self.folder:
            for address in addresses:
                self.article(address)
            return
        from wizard.pages.freeze import freeze

        freeze(self.article, addresses, self.folder)

    def _share(self, addresses: Sequence[str], jobs: int) -> None:
        """A process that has done a batch gets another, so that all end at about the same time."""
        from multiprocessing import get_context
        from multiprocessing.connection import wait

        if self.folder:
            import wizard.pages.freeze  # noqa: F401 - once, before the forks
        context = get_context("fork")
        batches = (addresses[start : start + _BATCH] for start in range(0, len(addresses), _BATCH))
        workers: dict[Connection, tuple[Connection, BaseProcess]] = {}
        for _ in range(jobs):
            given, give = context.Pipe(duplex=False)
            here, there = context.Pipe(duplex=False)
            worker = context.Process(target=self._work, args=(given, there, give))
            worker.start()
            given.close()
            there.close()
            workers[here] = give, worker
        self.heads.give_up_all()
        left = list(workers)
        try:
            for here in [*left, *left]:  # one to do, and one that lies ready, so that nobody waits for us
                _give(workers[here][0], next(batches, ()))
            while left:
                for here in wait(left):
                    if self._take(here):
                        _give(workers[here][0], next(batches, ()))
                    else:
                        left.remove(here)
        except (OSError, SetupError):
            for _, worker in workers.values():
                worker.terminate()  # it would wait for ever to hand over what nobody takes
            raise
        for _, worker in workers.values():
            worker.join()
        if any(worker.exitcode for _, worker in workers.values()):
            raise RuntimeError("a process that writes pages has failed; its error stands above")

    def _work(self, given: "Connection", there: "Connection", give: "Connection") -> None:
        """In a process of its own, which must not hold the other end of what it is given by."""
        give.close()
        if self.folder:
            self.folder.marks, self.folder.written = {}, 0
        try:
            self._many(self._given(given, there))
        except (OSError, SetupError) as error:
            there.send(error)
        except KeyboardInterrupt:
            sys.exit(130)  # the parent was stopped too, and says so
        there.close()
        sys.stdout.flush()

    def _given(self, given: "Connection", there: "Connection") -> Iterator[str]:
        """Addresses to press, a batch at a time; what was made of each is handed over when it is done."""
        folder = self.folder
        while batch := _next(given):
            yield from batch
            plain = {address: one._replace(card=one.card.plain()) for address, one in self.pressed.items()}
            there.send((plain, folder and (folder.marks, folder.written)))
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
        plain, done = found
        self.pressed |= {address: one._replace(card=Card.of(one.card)) for address, one in plain.items()}
        if self.folder and done:
            marks, written = done
            self.folder.marks |= marks
            self.folder.written += written
        return True


def _give(give: "Connection", batch: Sequence[str]) -> None:
    """An empty batch is the end. A process that is gone already has said why, or its exit code does."""
    with suppress(BrokenPipeError):
        give.send(batch)


def _next(given: "Connection") -> Sequence[str]:
    try:
        return given.recv()
    except EOFError:  # the first process was killed
        return ()
