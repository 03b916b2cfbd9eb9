"""What a page of the wizard weighs, with its styles and htmx."""

import gzip
import re

import pytest

from tests.helpers.world import ADMIN, World


@pytest.mark.parametrize("step", ["", "usage-history/", "delete-services/", "request-closure/"])
def test_a_wizard_page_weighs_at_most_30_kb_in_six_requests(world: World, step: str) -> None:
    ana = world.visit(ADMIN)
    page = ana.get(f"/guide/closing-your-account/{step}?account={world.account('fernhill')}")
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    weight = len(gzip.compress(page.data)) + sum(len(gzip.compress(ana.get(file).data)) for file in files)
    assert weight <= 30 * 1024 and len(files) <= 5, (weight, files)
