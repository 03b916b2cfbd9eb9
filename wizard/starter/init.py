"""`wizard init`: a small project that builds, checks and walks, to change piece by piece."""

import shutil
from pathlib import Path

from wizard.errors import SetupError

PROJECT = Path(__file__).with_name("project")


def init_project(folder: Path) -> list[str]:
    """Copy the project into `folder`, which may not hold anything, and return the files' paths below it.

    Raises SetupError.
    """
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise SetupError(f"{folder}: is there already, and not empty (name a new or an empty folder).")
        written = []
        for source in sorted(path for path in PROJECT.rglob("*") if path.is_file()):
            path = source.relative_to(PROJECT)
            path = path.with_name(path.name.replace("dot-", "."))  # a tool would obey it where it lies
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, folder / path)
            written.append(path.as_posix())
    except OSError as error:
        raise SetupError(f"{error.filename or folder}: cannot be written ({error.strerror}).") from error
    return written
