"""One page of a long list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

PAGE = 50


@dataclass(frozen=True, slots=True)
class Paged(Generic[T]):
    items: Sequence[T]
    """Those of this page."""
    number: int
    """Of this page, from 1."""
    pages: int
    """How many there are; an empty list has one."""
    total: int
    """How many items all pages have together."""


def paged(items: Sequence[T], asked: str, size: int = PAGE) -> Paged[T]:
    """asked: the page's number as the address says it. A list may have become shorter since the address
    was made, so a number beyond it means the last page; what is no number means the first."""
    pages = max(1, -(-len(items) // size))
    number = min(max(1, int(asked)), pages) if asked.isdecimal() and len(asked) < 10 else 1
    return Paged(items[(number - 1) * size : number * size], number, pages, len(items))
