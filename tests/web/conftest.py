"""What tests of the web share."""

import pytest

from tests.helpers.api import Program, make_token
from tests.helpers.world import World


@pytest.fixture
def program(world: World) -> Program:
    return Program(world, make_token(world))
