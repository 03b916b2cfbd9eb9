"""Mail: sent by the worker, whatever the mail server does; never lost, and never twice on purpose."""

import shutil
import stat
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.commands.test_serve import free_port
from tests.helpers.clock import SATURDAY, SetClock
from tests.helpers.mail_server import mail_server, make_certificate
from tests.helpers.world import ADMIN, World, wait_until
from wizard.mail_settings import MailSettings
from wizard.records import mail as mails
from wizard.records import password_links
from wizard.records.logins import find_login
from wizard.records.mail import Mail, MailState
from wizard.work import mail as sending
from wizard.work.parts import hand_over

needs_openssl = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is missing: install it")

CHANGED = {"name": "Zoë Müller", "when": "21 November 2026 at 14:03 (UTC+1)"}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "FIRST_WAIT", 0.1)
    monkeypatch.setattr(sending, "LONGEST_WAIT", 0.2)


def with_server(world: World, port: int, **settings: object) -> None:
    given = {"host": "localhost", "port": port, "security": "none", "sender": "help@northpier.example", **settings}
    world.config = replace(world.config, mail=MailSettings(**given), address="https://help.example/kb/")


def post(world: World, recipient: str = ADMIN, template: str = "password-changed", values: Mapping = CHANGED) -> str:
    with world.db.write() as session:
        row = mails.add_mail(session, recipient, template, values, world.clock())
        world.means.queue.send_mail(session, row)
        return row.id


def post_link(world: World) -> tuple[str, str]:
    """Ids of a mail and of the link in it."""
    with world.db.write() as session:
        login = find_login(session, ADMIN)
        assert login
        link = password_links.add_link(session, login, world.clock())
    return post(world, ADMIN, "password-link", {"name": login.name, "password_link": link.id}), link.id


def mail(world: World, mail_id: str) -> Mail:
    with world.db.read() as session:
        return session.get_one(Mail, mail_id)


def ended(world: World, mail_id: str) -> bool:
    return mail(world, mail_id).state != MailState.WAITING


def test_without_a_mail_server_each_mail_is_a_file_that_only_we_can_read(any_world: World) -> None:
    mail_id = post(any_world)
    with any_world.worker():
        wait_until(lambda: ended(any_world, mail_id))
    row = mail(any_world, mail_id)
    assert (row.state, row.sent_at, row.problem, row.attempt) == (MailState.SENT, any_world.clock(), None, 1)
    folder = any_world.config.data / "outbox"
    assert [file.name for file in folder.iterdir()] == [f"{mail_id}.eml"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / f"{mail_id}.eml").stat().st_mode) == 0o600


def test_a_mail_says_who_sends_it_to_whom_and_the_same_in_both_parts(world: World) -> None:
    with_server(world, port := free_port())
    with mail_server(port) as server, world.worker():
        mail_id = post(world, "ana@bücher.example")
        wait_until(lambda: ended(world, mail_id))
    (message,) = server.taken
    assert message["From"] == "Northpier Help <help@northpier.example>"
    assert message["X-Told"] == message["To"] == "ana@xn--bcher-kva.example"
    assert message["Subject"] == "Your password for Northpier Help was changed"
    assert message["Message-ID"] == f"<{mail_id}@northpier.example>"
    assert message["Date"].datetime == SATURDAY and message["Auto-Submitted"] == "auto-generated"
    text, html = (part.get_content() for part in message.iter_parts())
    for part in (text, html):
        assert "Hello Zoë Müller," in part and "21 November 2026 at 14:03 (UTC+1)" in part
        assert "https://help.example/sign-in/" in part and "Sent by Northpier Help." in part
    assert '<a href="https://help.example/sign-in/">' in html and "<" not in text.replace("<https:", "")


@needs_openssl
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_server_is_spoken_to_in_secret_and_told_who_we_are(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    certificate = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with_server(world, port := free_port(), security=security, username="kb", password="s3cret")
    with mail_server(port, certificate, security) as server, world.worker():
        mail_id = post(world)
        wait_until(lambda: ended(world, mail_id))
    assert len(server.taken) == 1 and server.logins == [("kb", "s3cret")]


@needs_openssl
@pytest.mark.parametrize("fault", ["certificate", "password", "starttls"])
def test_a_server_that_cannot_be_trusted_gets_no_mail_and_staff_reads_why_without_the_password(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    certificate = make_certificate(tmp_path)
    if fault != "certificate":
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    password = "wr0ng" if fault == "password" else "s3cret"
    with_server(world, port := free_port(), security="starttls", username="kb", password=password)
    with mail_server(port, None if fault == "starttls" else certificate) as server, world.worker():
        mail_id = post(world)
        wait_until(lambda: mail(world, mail_id).problem)
    said = {"certificate": "certificate verify failed", "password": "535", "starttls": "STARTTLS"}[fault]
    problem = mail(world, mail_id).problem
    assert problem and said in problem and f"localhost:{port}" in problem and password not in problem
    assert not server.taken and mail(world, mail_id).state == MailState.WAITING
    assert fault == "password" or not server.logins


def test_a_server_that_was_away_gets_the_mail_once_when_it_is_back(any_world: World) -> None:
    with_server(any_world, port := free_port())
    mail_id = post(any_world)
    with any_world.worker():
        wait_until(lambda: mail(any_world, mail_id).attempt > 2)
        assert "cannot be reached" in str(mail(any_world, mail_id).problem)
        with mail_server(port) as server:
            wait_until(lambda: ended(any_world, mail_id))
    row = mail(any_world, mail_id)
    assert (row.state, row.problem, len(server.taken)) == (MailState.SENT, None, 1)


@pytest.mark.full
@pytest.mark.parametrize("place", ["at_recipient", pytest.param("at_message", marks=pytest.mark.full)])
def test_not_now_is_tried_again(world: World, place: str) -> None:
    with_server(world, port := free_port())
    with mail_server(port) as server, world.worker():
        setattr(server, place, ["451 Busy.", "452 Still busy."])
        mail_id = post(world)
        wait_until(lambda: ended(world, mail_id))
    assert (mail(world, mail_id).state, mail(world, mail_id).attempt, len(server.taken)) == (MailState.SENT, 3, 1)


@pytest.mark.parametrize(("place", "what"), [("at_recipient", "the recipient"), ("at_message", "the message")])
def test_a_clear_no_is_given_up_at_once(world: World, place: str, what: str) -> None:
    with_server(world, port := free_port())
    with mail_server(port) as server, world.worker():
        setattr(server, place, ["550 No such mailbox."])
        mail_id = post(world)
        wait_until(lambda: ended(world, mail_id))
    row = mail(world, mail_id)
    assert (row.state, row.attempt, server.taken) == (MailState.GIVEN_UP, 1, [])
    assert row.problem == f"localhost:{port} refused {what}: 550 No such mailbox."


@pytest.mark.parametrize("recipient", ["ana", "", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example"])
def test_what_is_no_address_is_given_up_and_reaches_nobody(world: World, recipient: str) -> None:
    mail_id = post(world, recipient)
    with world.worker():
        wait_until(lambda: ended(world, mail_id))
    row = mail(world, mail_id)
    assert row.state == MailState.GIVEN_UP and "is no address" in str(row.problem) and not world.outbox()


@pytest.mark.full
def test_after_all_tries_it_is_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TRIES", 3)
    with_server(world, free_port())
    mail_id = post(world)
    with world.worker():
        wait_until(lambda: ended(world, mail_id))
    assert (mail(world, mail_id).state, mail(world, mail_id).attempt) == (MailState.GIVEN_UP, 3)


def test_the_waits_grow_from_a_minute_to_an_hour_and_last_three_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    waits = [sending.wait_after(attempt) for attempt in range(1, sending.TRIES)]
    assert waits[:7] == [60, 120, 240, 480, 960, 1920, 3600] and set(waits[7:]) == {3600}
    assert timedelta(days=2.9) < timedelta(seconds=sum(waits)) < timedelta(days=3.1)


def test_a_folder_that_cannot_be_written_to_is_a_delay(world: World) -> None:
    world.config.data.mkdir()
    (world.config.data / "outbox").write_text("a file in its place")
    mail_id = post(world)
    with world.worker():
        wait_until(lambda: mail(world, mail_id).problem)
        (world.config.data / "outbox").unlink()
        wait_until(lambda: ended(world, mail_id))
    assert len(world.outbox()) == 1


def test_a_template_that_fails_delays_the_mail_until_it_is_mended(world: World, tmp_path: Path) -> None:
    own = tmp_path / "theme" / "templates" / "mail" / "password-changed.md"
    own.parent.mkdir(parents=True)
    own.write_text("Changed\n\n{{ nme }}")
    world.config = replace(world.config, theme=tmp_path / "theme")
    mail_id = post(world)
    with world.worker():
        wait_until(lambda: mail(world, mail_id).problem)
        assert mail(world, mail_id).problem == "It cannot be written: 'nme' is undefined"
        own.write_text("Our own words\n\nHello {{ name }}.")
        wait_until(lambda: ended(world, mail_id))
    (message,) = world.outbox()
    assert message["Subject"] == "Our own words" and message.get_body(("plain",)).get_content() == "Hello Zoë Müller.\n"


def test_a_password_link_is_worked_out_when_it_is_sent_and_opens_the_login(world: World) -> None:
    mail_id, link_id = post_link(world)
    with world.worker():
        wait_until(lambda: ended(world, mail_id))
    (message,) = world.outbox()
    text, html = (part.get_content() for part in message.iter_parts())
    with world.db.write() as session:
        token = password_links.token(session, link_id, "tests")
        assert password_links.whose(session, token, "tests", world.clock())
    address = f"http://127.0.0.1:8000/sign-in/password/{token}/"
    assert f"<{address}>" in text and f'<a href="{address}">' in html and "for 1 hour from" in text
    assert token not in mail(world, mail_id).values


@pytest.mark.parametrize("how", ["used", "expired", "gone"])
def test_a_mail_whose_link_is_good_for_nothing_any_more_is_not_sent(world: World, clock: SetClock, how: str) -> None:
    mail_id, link_id = post_link(world)
    with world.db.write() as session:
        link = session.get_one(password_links.PasswordLink, link_id)
        if how == "used":
            link.used_at = clock()
        elif how == "gone":
            session.delete(link)
    clock.advance(minutes=60 if how == "expired" else 0)
    with world.worker():
        wait_until(lambda: ended(world, mail_id))
    row = mail(world, mail_id)
    assert (row.state, row.sent_at) == (MailState.OUTDATED, None) and not world.outbox()
    assert row.problem == "The link in it had been used or had expired before it could be sent."


def test_a_try_that_is_repeated_sends_the_same_bytes_and_one_of_an_earlier_attempt_sends_nothing(world: World) -> None:
    mail_id = post(world)
    hand_over(world.parts)
    assert sending._try_once.__wrapped__(mail_id, f"{mail_id}-1") == [MailState.SENT, ""]
    (file,) = (world.config.data / "outbox").iterdir()
    first = file.read_bytes()
    sending._try_once.__wrapped__(mail_id, f"{mail_id}-1")  # as after a kill, before it was noted
    assert [one.read_bytes() for one in (world.config.data / "outbox").iterdir()] == [first]
    file.unlink()
    with world.db.write() as session:
        world.means.queue.send_mail(session, session.get_one(Mail, mail_id))
    sending._try_once.__wrapped__(mail_id, f"{mail_id}-1")
    sending._note.__wrapped__(mail_id, f"{mail_id}-1", MailState.SENT, "")
    hand_over(None)
    assert not file.exists() and mail(world, mail_id).state == MailState.WAITING


def test_nothing_is_sent_of_a_transaction_that_is_rolled_back(world: World) -> None:
    with pytest.raises(RuntimeError), world.db.write() as session:
        world.means.post(session, ADMIN, "password-changed", CHANGED)
        raise RuntimeError("changed my mind")
    with world.worker():
        mail_id = post(world)
        wait_until(lambda: ended(world, mail_id))
    assert len(world.outbox()) == 1
