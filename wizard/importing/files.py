"""Files that are written once: what is there already is never changed."""

import os
from enum import StrEnum
from pathlib import Path


class Put(StrEnum):
    WRITTEN = "written"
    UNCHANGED = "unchanged"
    TAKEN = "taken"
    """There with other content."""


def put(folder: Path, path: str, content: bytes) -> Put:
    """Write `content` to `path` below `folder`; it stands there whole or not at all. Raises OSError."""
    target = folder / path
    if not target.resolve().is_relative_to(folder.resolve()):
        return Put.TAKEN
    if os.path.lexists(target):
        return Put.UNCHANGED if target.is_file() and target.read_bytes() == content else Put.TAKEN
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = target.with_name(f".{target.name}.part")
    scratch.write_bytes(content)
    os.replace(scratch, target)
    return Put.WRITTEN
