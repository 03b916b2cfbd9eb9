"""The examples that people are given work as they stand."""

import re
import shutil
import subprocess

import pytest

from tests.helpers.api import make_token
from tests.helpers.shared import ROOT
from tests.helpers.world import World

EXAMPLES = re.findall(r"^```sh\n(.*?)^```$", (ROOT / "docs/api.md").read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples use curl")
def test_each_example_is_answered(world: World, site: str) -> None:
    shell = {
        "API": f"{site}/api/v1",
        "TOKEN": make_token(world),
        "ACCOUNT": world.account("fernhill"),
        "SERVICE": world.service("VA1FERNWEB01"),
        "KEY": "8e03978e-40d5-43dd-bc93-6894a57f9324",
        "PATH": "/usr/bin:/bin:/usr/local/bin",
    }
    assert len(EXAMPLES) == 6
    for example in EXAMPLES:
        done = subprocess.run(
            ["sh", "-ec", example.replace("curl -sS", "curl -sS --fail-with-body")],
            env=shell,
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, (example, done.stdout, done.stderr)
        if found := re.search(r'"reference": ?"([^"]+)"', done.stdout):
            shell["REFERENCE"] = found[1]
    assert '"state"' in done.stdout, "the last one asks how far the deletion is"


def test_the_page_for_people_says_the_same(world: World) -> None:
    page = world.visit().get("/login/tokens/api/")
    assert page.status_code == 200 and "Delete a service" in page.text and "Idempotency-Key: $KEY" in page.text
