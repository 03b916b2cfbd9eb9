"""The house stands as its plan says: imports point down, and every room can be entered alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.shared import ROOT

LAYERS = [
    {"config", "db", "clock", "errors", "money"},
    {"account", "content"},
    {"theme"},
    {"providers", "records"},
    {"migrations"},
    {"work"},
    {"actions"},
    {"web", "pages"},
    {"app", "cli", "serve", "demo", "__main__", "__init__"},
]
"""From the ground up. A part may import lower lines, and itself; the ground and the entry points
also their own line."""

MODULES = sorted(path.relative_to(ROOT) for path in (ROOT / "wizard").rglob("*.py"))


def part_of(module: str) -> str:
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def level(part: str) -> int:
    return next(number for number, layer in enumerate(LAYERS) if part in layer)


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{name.name}" for name in node.names} if node.module == "wizard" else {node.module}
    return {name for name in found if name.split(".")[0] == "wizard"}


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


def test_every_module_imports_alone() -> None:
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in MODULES]
    names = [name for name in names if not name.endswith((".__main__", "migrations.env")) and "versions" not in name]
    code = (
        "import sys, importlib\n"
        "for name in sys.argv[1:]:\n"
        "    for loaded in [m for m in sys.modules if m == 'wizard' or m.startswith('wizard.')]: del sys.modules[loaded]\n"
        "    importlib.import_module(name)\n"
    )
    durable = [name for name in names if name.startswith(("wizard.work", "wizard.serve"))]
    runs = [[name] for name in durable]  # workflows can be registered once in a process
    for run in [[name for name in names if name not in durable], *runs]:
        command = [sys.executable, "-W", "error", "-c", code, *run]
        result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
        assert result.returncode == 0, result.stderr


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
