"""The house stands as its plan says: imports point down, and every room can be entered alone."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT

LAYERS = [
    {"config", "db", "holding", "locales", "tables", "clock", "errors", "keys", "mail_settings", "money"},
    {"account", "content"},
    {"theme"},
    {"providers", "records"},
    {"migrations"},
    {"work"},
    {"actions"},
    {"web", "pages", "importing", "starter"},
    {"app", "cli", "authoring", "serve", "reloading", "demo", "__main__", "__init__"},
]
"""From the ground up. A part may import lower lines, and itself; the ground and the entry points
also their own line."""

MODULES = sorted(path.relative_to(ROOT) for path in (ROOT / "wizard").rglob("*.py"))

NAMES = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in MODULES}


def part_of(module: str) -> str:
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def level(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in _running(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{name.name}" for name in node.names}
            found |= {name if name in NAMES else str(node.module) for name in names}
    return {name for name in found if name.split(".")[0] == "wizard"}


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those that only a type checker sees."""
    yield tree
    for node in ast.iter_child_nodes(tree):
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"):
            yield from _running(node)


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_point_down(path: Path) -> None:
    own = part_of(".".join(path.with_suffix("").parts))
    for imported in imports_of(path):
        other = part_of(imported)
        if other == own or level(own) == len(LAYERS) - 1:
            continue
        same_line_allowed = level(own) == 0
        assert level(other) < level(own) + same_line_allowed, f"{path} imports {imported}, which is not below it"


def test_every_part_has_its_place_in_the_plan() -> None:
    parts = {part_of(".".join(path.with_suffix("").parts)) for path in MODULES}
    assert parts <= set().union(*LAYERS)


def test_no_modules_import_each_other_in_a_ring() -> None:
    needs = {name: {one for one in imports_of(path) if one in NAMES} - {name} for name, path in NAMES.items()}
    while free := [name for name, needed in needs.items() if not needed & needs.keys()]:
        for name in free:
            del needs[name]
    assert not needs, needs


@pytest.mark.full
def test_every_module_imports_alone() -> None:
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in MODULES]
    names = [name for name in names if not name.endswith((".__main__", "migrations.env")) and "versions" not in name]
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", IMPORT_EACH, *names], capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr


IMPORT_EACH = """
import importlib, os, sys
import alembic, argon2, dbos, flask_frozen, flask_wtf, markdown_it, nh3, waitress  # once, before the forks
failed = []
for name in sys.argv[1:]:
    if os.fork() == 0:
        importlib.import_module(name)
        os._exit(0)
    if os.wait()[1]:
        failed.append(name)
sys.exit(f"cannot be imported alone: {failed}" if failed else 0)
"""


def test_building_the_site_loads_no_database_and_no_workflow_engine() -> None:
    code = "import sys, wizard.pages.build; print([m for m in ('sqlalchemy', 'dbos', 'babel.numbers') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert result.stdout.strip() == "[]", result.stdout + result.stderr


def test_content_and_account_know_no_flask_and_no_database() -> None:
    for path in MODULES:
        if path.parts[1] in ("content", "account"):
            source = (ROOT / path).read_text()
            assert "flask" not in source and "sqlalchemy" not in source, path


def test_no_module_grows_into_a_god_object() -> None:
    long = {str(path): lines for path in MODULES if (lines := len((ROOT / path).read_text().splitlines())) > 300}
    assert not {path for path in long if "versions" not in path}, long
