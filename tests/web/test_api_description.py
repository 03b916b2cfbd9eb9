"""The API does what its description says, whatever is sent: tried by Schemathesis, with all its checks.

Its engine is used as its command uses it, with every phase: the examples, what lies at the limits of
each parameter, random requests, and chains of them.
"""

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from tests.helpers.api import make_token
from tests.helpers.server import served
from tests.helpers.world import World
from wizard.records import attempts


def test_every_answer_is_as_described(
    world: World, monkeypatch: pytest.MonkeyPatch, pytestconfig: pytest.Config
) -> None:
    monkeypatch.setitem(attempts.LIMITS, "token-from", 1_000_000)  # wrong tokens are part of it
    deleting = {
        "include-method": "DELETE",
        "parameters": {"path.service": world.service("VA1FERNWEB01")},
        "checks": {"positive_data_acceptance": {"expected-statuses": [202, 409]}},  # a second key comes too late
    }
    examples = 100 if pytestconfig.getoption("--full") else 3
    config = SchemathesisConfig.from_dict(
        {
            "auth": {"openapi": {"token": {"bearer": make_token(world)}}},
            "parameters": {"path.account": world.account("fernhill")},
            "operations": [deleting],
            "generation": {"max-examples": examples, "deterministic": True, "database": "none"},
            "seed": 1,
        }
    )
    wrong, statuses = [], set()
    with served(world.app) as address:
        schema = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json", config=config)
        for event in from_schema(schema).execute():
            if isinstance(event, ScenarioFinished):
                answers = [one.response for one in event.recorder.interactions.values() if one.response]
                statuses |= {answer.status_code for answer in answers}
                checks = [check for found in event.recorder.checks.values() for check in found]
                wrong += [
                    f"{one.failure_info.failure}\n{one.failure_info.code_sample}" for one in checks if one.failure_info
                ]
            elif isinstance(event, FatalError | NonFatalError):
                wrong.append(str(event))
    assert not wrong, "\n\n".join(wrong)
    assert {200, 202, 400, 401, 404, 405} <= statuses, "it was tried in earnest"
