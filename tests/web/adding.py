"""A world whose library is one guide: adding or removing hosted services."""

import shutil
from dataclasses import replace
from pathlib import Path

from tests.helpers.world import World
from wizard.pages.build import read_library

GUIDE = "/guide/adding-services/"


def with_guide(world: World, folder: Path) -> World:
    articles = folder / "articles"
    articles.mkdir()
    shutil.copyfile(Path(__file__).with_name("adding-services.md"), articles / "adding-services.md")
    world.library = read_library(replace(world.config, articles=articles))
    return world
