"""The heads of new and changed articles. The text of an article is given up once its page is pressed:
those of all at once would be half of what a large build holds."""

from collections.abc import Iterable
from pathlib import Path

from wizard.content.reader import Head, read_head


class Heads:
    def __init__(self, folder: Path) -> None:
        """folder: of the articles."""
        self._folder = folder
        self._heads: dict[str, Head] = {}

    def read(self, path: str) -> Head:
        """Read it, and keep it."""
        head = self._heads[path] = read_head(self._folder, path)
        return head

    def get(self, path: str) -> Head | None:
        """As it was kept, perhaps without its text."""
        return self._heads.get(path)

    def whole(self, path: str) -> Head:
        """With its text, read again where it is not at hand."""
        head = self._heads.get(path)
        return head if head and head.content else read_head(self._folder, path)

    def give_up(self, paths: Iterable[str]) -> None:
        """Their text is needed no more."""
        for path in paths:
            if head := self._heads.get(path):
                head.content = b""

    def give_up_all(self) -> None:
        self.give_up(self._heads)
