"""The static files of a site: ours, the project's over them, and what is made from its settings."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from wizard.config import Config
from wizard.content.images import image_size
from wizard.errors import SetupError
from wizard.theme.colour import accent

HERE = Path(__file__).parent
_STATIC = HERE / "static"
_PICTURES = (".svg", ".png", ".webp", ".avif", ".jpg", ".jpeg", ".gif")
_LOGO_HEIGHT = 32
"""CSS pixels, as base.css has it."""


@dataclass(frozen=True, slots=True)
class Logo:
    name: str
    """Below `static/`."""
    width: int
    """CSS pixels at its height; 0 where the picture does not tell."""
    height: int = _LOGO_HEIGHT


@dataclass(frozen=True, slots=True)
class StaticFiles:
    contents: Mapping[str, bytes]
    """Name below `static/` -> content, in the order of the names."""
    sheets: tuple[str, ...]
    """Names of the project's own stylesheets; they come after ours."""
    logo: Logo | None


def read_files(config: Config) -> StaticFiles:
    """Raises SetupError where a file of the project cannot be used."""
    contents = {name: (_STATIC / name).read_bytes() for name in below(_STATIC)}
    own = config.theme / "static"
    contents |= {name: _read(own / name) for name in below(own)}
    sheets = []
    for file in sorted(config.theme.glob("[!.]*.css")):
        if file.name in contents:
            mend = "give it another name, or put it into static/ to replace ours"
            raise SetupError(f"{file}: has the name of a file of ours ({mend}).")
        contents[file.name] = _read(file)
        sheets.append(file.name)
    if config.accent:
        contents["theme.css"] = accent(config.accent).stylesheet.encode()
    logo = None
    if config.logo:
        name = f"logo{config.logo.suffix.lower()}"
        if config.logo.suffix.lower() not in _PICTURES:
            raise SetupError(f"wizard.toml: logo is {config.logo} (give a picture: {', '.join(_PICTURES)}).")
        contents[name] = _read(config.logo)
        width, height = image_size(config.logo) or (0, 1)
        logo = Logo(name, round(_LOGO_HEIGHT * width / height))
    return StaticFiles(dict(sorted(contents.items())), tuple(sheets), logo)


def below(folder: Path) -> Iterator[str]:
    """Names of all files below `folder`, hidden ones left out, in order; none where it is not there."""
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(where, name).relative_to(folder).as_posix()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SetupError(f"{file}: cannot be read ({error.strerror}).") from error
