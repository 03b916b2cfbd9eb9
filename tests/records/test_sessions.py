"""Sessions: on SQLite, and in the full run on PostgreSQL."""

from datetime import timedelta

from sqlalchemy import func, select

from tests.helpers.clock import SATURDAY
from tests.helpers.world import ADMIN, VIEWER
from wizard.db import Database
from wizard.records import password_links, sessions
from wizard.records.logins import find_login, hash_password, unchanged
from wizard.records.sessions import LASTS, LoginSession


def begun(db: Database, email: str = ADMIN, minutes: int = 0) -> str:
    with db.write() as session:
        login = find_login(session, email)
        assert login
        return sessions.begin(session, login.id, "192.0.2.1", "A browser", SATURDAY + timedelta(minutes=minutes))


def test_the_table_holds_no_token(any_db: Database) -> None:
    token = begun(any_db)
    with any_db.read() as session:
        row = session.scalars(select(LoginSession)).one()
    assert token not in str(vars(row)) and len(token) > 40


def test_a_token_opens_its_own_session_until_it_runs_out(any_db: Database) -> None:
    ana, vik = begun(any_db), begun(any_db, VIEWER)
    with any_db.read() as session:
        for token, email in ((ana, ADMIN), (vik, VIEWER)):
            found = sessions.find(session, token, SATURDAY + LASTS - timedelta(seconds=1))
            assert found and found[1].email == email
            assert sessions.find(session, token, SATURDAY + LASTS) is None
        assert sessions.find(session, "", SATURDAY) is None and sessions.find(session, ana + "x", SATURDAY) is None


def test_being_seen_makes_no_session_longer_and_none_begin_again(any_db: Database) -> None:
    token = begun(any_db)
    later = SATURDAY + timedelta(hours=11)
    with any_db.write() as session:
        row = session.scalars(select(LoginSession)).one()
        sessions.see(session, row.id, later)
    with any_db.read() as session:
        found = sessions.find(session, token, later)
        assert found and (found[0].seen_at, found[0].expires_at) == (later, SATURDAY + LASTS)
    with any_db.write() as session:
        assert sessions.end(session, row.login_id, row.id)
        sessions.see(session, row.id, later)
    with any_db.read() as session:
        assert sessions.find(session, token, later) is None


def test_those_that_ran_out_go_when_another_begins(any_db: Database) -> None:
    begun(any_db)
    begun(any_db, VIEWER, minutes=60 * 13)
    with any_db.read() as session:
        assert session.scalar(select(func.count()).select_from(LoginSession)) == 1


def test_a_login_ends_only_its_own(any_db: Database) -> None:
    tokens = begun(any_db), begun(any_db, VIEWER), begun(any_db, VIEWER, minutes=1)
    with any_db.write() as session:
        ana, vik = find_login(session, ADMIN), find_login(session, VIEWER)
        assert ana and vik
        new, old = sessions.of_login(session, vik.id, SATURDAY)
        assert new.begun_at > old.begun_at
        assert not sessions.end(session, ana.id, new.id)
        assert sessions.end_all(session, vik.id, but=new.id) == 1
        assert [sessions.find(session, token, SATURDAY) is None for token in tokens] == [False, True, False]
        assert sessions.end_all(session, vik.id) == 1 and sessions.end_all(session, vik.id) == 0


def test_a_login_whose_password_changed_since_it_was_read_is_not_the_same(any_db: Database) -> None:
    with any_db.read() as session:
        before = find_login(session, ADMIN)
    assert before
    with any_db.write() as session:
        assert unchanged(session, before)
    with any_db.write() as session:
        find_login(session, ADMIN).password_hash = hash_password("another of twelve")
    with any_db.write() as session:
        assert unchanged(session, before) is None


def test_a_password_link_is_used_once_and_only_by_its_token(any_db: Database) -> None:
    with any_db.write() as session:
        link = password_links.add_link(session, find_login(session, ADMIN), SATURDAY)
        token = password_links.token(session, link.id, "key")
        assert password_links.whose(session, token, "another key", SATURDAY) is None
        assert password_links.whose(session, link.id, "key", SATURDAY) is None
    with any_db.read() as session:
        assert password_links.whose(session, token, "key", SATURDAY).email == ADMIN
    with any_db.write() as session:
        assert password_links.use(session, token, "key", SATURDAY)
    with any_db.write() as session:
        assert password_links.use(session, token, "key", SATURDAY) is None
