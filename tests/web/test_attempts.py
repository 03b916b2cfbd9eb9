"""Passwords cannot be tried out by asking several processes at once."""

import os
import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import select

from tests.helpers.shared import ROOT
from tests.helpers.world import ADMIN, World
from wizard.records.attempts import LIMITS, Attempt

PROCESSES, TRIES = 3, 6

TRY = """
import re, sys, time
from wizard.app import create_app
from wizard.config import load

visitor = create_app(load()).test_client()
page = visitor.get("/sign-in/").text
form = {"csrf_token": re.search('csrf_token" value="([^"]+)', page)[1], "email": sys.argv[1], "password": "wrong"}
print("ready", flush=True)
sys.stdin.readline()
for _ in range(int(sys.argv[2])):
    print(visitor.post("/sign-in/", data=form).status_code, flush=True)
"""


@pytest.mark.full
def test_several_processes_at_once_let_exactly_the_limit_through(world: World) -> None:
    environ = {"WIZARD_DATABASE_URL": f"sqlite:///{world.db.file}", "WIZARD_SECRET_KEY": "tests"}

    started = [
        subprocess.Popen(
            [sys.executable, "-c", TRY, ADMIN, str(TRIES)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | environ,
        )
        for _ in range(PROCESSES)
    ]
    assert [process.stdout.readline() for process in started] == ["ready\n"] * PROCESSES
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = "".join(process.communicate(timeout=60)[0] for process in started)
    limit = LIMITS["sign-in"]
    assert Counter(said.split()) == {"422": limit, "429": PROCESSES * TRIES - limit}
    with world.db.read() as session:
        counted = Counter(session.scalars(select(Attempt.kind)))
    assert counted == {"sign-in": limit, "sign-in-from": limit}
