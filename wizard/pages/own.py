"""Addresses of the pages that no file of the author's stands behind."""

from dataclasses import dataclass

from wizard.content.addresses import asset_address
from wizard.content.library import Library


@dataclass(frozen=True, slots=True)
class OwnPages:
    search: str
    a_z: str
    keywords: str
    """What the addresses of the keywords begin with."""


def own_pages(library: Library) -> OwnPages:
    """Each at its name, or at `/<name>-2/` where an author's page or file has that place."""
    places = [*library.articles, *library.categories, *map(asset_address, library.files)]
    taken = {place.split("/")[1] for place in places}

    def free(name: str) -> str:
        number, part = 1, name
        while part in taken:
            number += 1
            part = f"{name}-{number}"
        return f"/{part}/"

    return OwnPages(free("search"), free("a-z"), free("keywords"))
