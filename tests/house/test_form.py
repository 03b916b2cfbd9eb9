"""All code has one form: `ruff check --fix` and `ruff format` give it."""

import subprocess
import sys

import pytest

from tests.helpers.shared import ROOT


@pytest.mark.parametrize("command", [("check",), ("format", "--check")], ids=" ".join)
def test_the_code_has_the_form_that_ruff_gives_it(command: tuple[str, ...]) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
