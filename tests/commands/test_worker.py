"""`wizard worker` as a process: killed by -9 after the mail server has taken a mail, before that is noted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.commands.test_serve import free_port
from tests.helpers.mail_server import mail_server
from tests.helpers.shared import ROOT
from tests.helpers.world import ADMIN, World, wait_until
from wizard.records import mail as mails
from wizard.records.mail import Mail, MailState


@contextmanager
def working(world: World, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "wizard", "worker", "--config", str(ROOT / "wizard.toml")],
        env=os.environ | {"WIZARD_DATABASE_URL": world.db.url, "WIZARD_DATA": str(world.config.data)} | environ,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


@pytest.mark.full
def test_a_kill_between_sending_and_noting_repeats_the_same_message_and_loses_none(world: World) -> None:
    with world.db.write() as session:
        row = mails.add_mail(session, ADMIN, "password-changed", {"name": "Ana", "when": "today"}, world.clock())
        world.means.queue.send_mail(session, row)
    port = free_port()
    settings = {
        "WIZARD_MAIL_HOST": "127.0.0.1",
        "WIZARD_MAIL_PORT": str(port),
        "WIZARD_MAIL_SECURITY": "none",
        "WIZARD_MAIL_SENDER": "help@northpier.example",
        "WIZARD_ADDRESS": "https://help.example/",
    }

    def state() -> str:
        with world.db.read() as session:
            return session.get_one(Mail, row.id).state

    with mail_server(port) as server:
        with working(world, **settings) as process:
            server.after_message = lambda: os.kill(process.pid, signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
        server.after_message = lambda: None
        assert state() == MailState.WAITING
        with working(world, **settings):
            wait_until(lambda: state() == MailState.SENT)
    first, second = server.taken
    assert first["Message-ID"] == second["Message-ID"] and first.as_bytes() == second.as_bytes()
