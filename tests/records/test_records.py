"""What we remember: on SQLite, and in the full run on PostgreSQL."""

import threading
from datetime import timedelta
from hashlib import sha256

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from tests.conftest import REAL_HASHER
from tests.helpers.clock import SATURDAY
from tests.helpers.world import ADMIN, OTHER_ADMIN, World
from wizard.account.closure import State
from wizard.account.roles import Role
from wizard.db import Base, Database
from wizard.demo import PASSWORD
from wizard.errors import SetupError, Stale
from wizard.migrations import migrate, require_current
from wizard.providers.values import Account
from wizard.records import attempts, closures, declarations, deletions, logins, runs, tickets
from wizard.records.attempts import Attempt
from wizard.records.closures import ClosureRequest
from wizard.records.declarations import FIRST, DeclarationChain, DeclarationContent, canonical

ACCOUNT = Account("ac_1", "Fernhill Robotics", "FERN", "USD", "America/New_York")


def test_the_tables_are_what_the_migrations_make(any_db: Database) -> None:
    with any_db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in Base.metadata.tables}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(any_db: Database) -> None:
    migrate(any_db)
    require_current(any_db)


def test_an_old_schema_is_refused_with_what_to_do(tmp_path) -> None:
    db = Database(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(SetupError, match="wizard migrate"):
        require_current(db)
    db.close()


def test_a_reading_session_cannot_write(any_db: Database) -> None:
    with pytest.raises(DBAPIError), any_db.read() as session:
        session.execute(insert(Attempt).values(kind="sign-in", subject="x", at=SATURDAY))
        session.commit()


def test_instants_keep_their_offset_and_numbers_stay_whole(any_db: Database) -> None:
    with any_db.write() as session:
        attempts.count(session, "sign-in", "x", SATURDAY)
    with any_db.read() as session:
        assert session.scalars(select(Attempt.at)).one() == SATURDAY
    for values in ({"at": SATURDAY.replace(tzinfo=None)}, {"at": SATURDAY, "id": 12.5}):
        with pytest.raises(StatementError), any_db.write() as session:
            session.execute(insert(Attempt).values(kind="sign-in", subject="y", **values))


def test_sqlite_is_as_safe_as_it_can_be(world: World) -> None:
    with world.db.read() as session:
        values = [session.scalar(text(f"pragma {name}")) for name in ("journal_mode", "synchronous", "foreign_keys")]
    assert values == ["wal", 2, 1]


def test_the_database_is_a_file_that_only_its_owner_reads(tmp_path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'data' / 'wizard.db'}")
    migrate(db)
    modes = {file.name: oct(file.stat().st_mode & 0o077) for file in (tmp_path / "data").glob("wizard.db*")}
    db.close()
    assert {"wizard.db", "wizard.db-wal"} <= modes.keys()
    assert {mode for name, mode in modes.items() if not name.endswith(".lock")} == {"0o0"}


def test_each_declaration_names_the_hash_of_the_one_before(any_db: Database) -> None:
    said = [{"b": 1, "a": "ü"}, {"n": 2}, {"n": 3}]
    with any_db.write() as session:
        declarations.lock_chain(any_db, session)
        assert [declarations.append(session, one) for one in said] == [1, 2, 3]
    with any_db.read() as session:
        chain = session.scalars(select(DeclarationChain).order_by(DeclarationChain.sequence)).all()
        contents = session.scalars(select(DeclarationContent).order_by(DeclarationContent.sequence)).all()
    assert contents[0].content == b'{"a":"\xc3\xbc","b":1}' == canonical(said[0])
    previous = FIRST
    for row, content in zip(chain, contents, strict=True):  # worked out anew, not by the code under test
        assert row.previous_hash == previous
        assert row.content_hash == sha256(content.salt + content.content).hexdigest() and len(content.salt) == 32
        previous = sha256(f"{row.sequence}:{row.previous_hash}:{row.content_hash}".encode()).hexdigest()
    with any_db.read() as session:
        assert declarations.content(session, 2) == {"n": 2} and declarations.content(session, 9) is None


def test_content_can_be_erased_and_the_chain_stays(any_db: Database) -> None:
    with any_db.write() as session:
        declarations.append(session, {"n": 1})
        session.delete(session.get_one(DeclarationContent, 1))
    with any_db.read() as session:
        assert declarations.content(session, 1) is None and session.get(DeclarationChain, 1) is not None


def test_declarations_of_several_at_once_stand_in_one_line(any_db: Database) -> None:
    def declare() -> None:
        for _ in range(5):
            with any_db.write() as session:
                declarations.lock_chain(any_db, session)
                declarations.append(session, {"x": 1})

    threads = [threading.Thread(target=declare) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_db.read() as session:
        chain = session.scalars(select(DeclarationChain).order_by(DeclarationChain.sequence)).all()
    assert [row.sequence for row in chain] == list(range(1, 31))
    assert all(later.previous_hash == declarations.link_hash(row) for row, later in zip(chain, chain[1:], strict=False))


def test_passwords_are_argon2_and_fit_only_their_login(any_db: Database) -> None:
    with any_db.read() as session:
        login = logins.find_login(session, " ANA@demo.example ")
    assert login and login.password_hash.startswith("$argon2id$")
    assert logins.password_fits(login, PASSWORD) and not logins.password_fits(login, "wrong")
    assert not logins.password_fits(None, PASSWORD)


def test_a_password_costs_who_tries_it_out_what_owasp_asks_for() -> None:
    """19 MiB and two passes at least, by the Password Storage Cheat Sheet."""
    assert REAL_HASHER.memory_cost >= 19 * 1024 and REAL_HASHER.time_cost >= 2


def test_roles_hold_on_their_account_only(any_world: World) -> None:
    with any_world.db.read() as session:
        vik = logins.find_login(session, "vik@demo.example")
        assert vik and logins.role_on(session, vik.id, any_world.account("fernhill")) is Role.VIEWER
        assert logins.role_on(session, vik.id, any_world.account("larkspur")) is None


def test_attempts_block_for_a_while_and_success_wipes_the_slate(any_db: Database) -> None:
    with any_db.write() as session:
        for minute in range(10):
            assert attempts.blocked_until(session, "sign-in", "a", SATURDAY) is None
            attempts.count(session, "sign-in", "a", SATURDAY - timedelta(minutes=10 - minute))
            session.flush()
        until = attempts.blocked_until(session, "sign-in", "a", SATURDAY)
        assert until == SATURDAY + timedelta(minutes=5)
        assert attempts.blocked_until(session, "sign-in", "a", until) is None
        assert attempts.blocked_until(session, "sign-in", "b", SATURDAY) is None
        attempts.count(session, "sign-in", "c", until)
        assert session.scalar(select(func.count()).where(Attempt.at < until - attempts.WINDOW)) == 0, "old ones go"
        attempts.forget(session, "sign-in", "a")
        assert attempts.blocked_until(session, "sign-in", "a", SATURDAY) is None


def test_a_run_is_kept_by_step_identity_and_account(any_world: World) -> None:
    account = any_world.account("fernhill")
    with any_world.db.write() as session:
        ana = logins.find_login(session, ADMIN)
        assert ana
        run = runs.keep_run(session, ana.id, account, "closing", "h1", SATURDAY)
        runs.seen(session, run, "usage-history", "usage-history", SATURDAY)
        again = runs.keep_run(session, ana.id, account, "closing", "h2", SATURDAY + timedelta(days=1))
        assert again.id == run.id and again.started_at == SATURDAY and again.article_hash == "h2"
        assert runs.facts(session, again) == {("usage-history", "usage-history"): SATURDAY}
        assert runs.find_run(session, ana.id, any_world.account("larkspur"), "closing") is None
        assert runs.last_account(session, ana.id, "closing") == account


def test_data_copies_keep_who_stated_them_first_and_when(any_world: World) -> None:
    with any_world.db.write() as session:
        ana, lou = logins.find_login(session, ADMIN), logins.find_login(session, OTHER_ADMIN)
        assert ana and lou
        runs.state_data_copies(session, "ac_1", {"a", "b"}, ana.id, SATURDAY)
        runs.state_data_copies(session, "ac_1", {"b", "c"}, lou.id, SATURDAY + timedelta(days=1))
        runs.state_data_copies(session, "ac_2", {"a"}, lou.id, SATURDAY)
        runs.take_back_data_copies(session, "ac_1", {"a", "never stated"})
        assert runs.data_copies(session, "ac_1") == {
            "b": runs.Stated(SATURDAY, "Ana Ruiz"),
            "c": runs.Stated(SATURDAY + timedelta(days=1), "Lou Berger"),
        }
        assert set(runs.data_copies(session, "ac_2")) == {"a"}


def test_a_closure_enters_only_states_that_follow(any_world: World) -> None:
    with any_world.db.write() as session:
        ana = logins.find_login(session, ADMIN)
        assert ana
        request = _request(session, ana.id, any_world)
        with pytest.raises(Stale, match="already in review"):
            closures.move(request, State.CLOSING, SATURDAY)
        closures.move(request, State.DECLINED, SATURDAY, ana.id, "Not authentic.")
        session.flush()
        assert [event.state for event in request.events] == ["received", "in_review", "declined"]
        assert not request.is_open and closures.open_for(session, request.account_id, ["ct_1"]) is None


def test_one_idempotency_key_makes_one_row(any_world: World) -> None:
    with any_world.db.write() as session:
        ana = logins.find_login(session, ADMIN)
        assert ana
        wanted = [deletions.Wanted("sv_1", "One", "VA1", 100)]
        first = deletions.add_deletion(session, ACCOUNT, ana.id, "k", wanted, SATURDAY)
        assert deletions.by_key(session, "ac_1", "k") is first and deletions.being_deleted(session, "ac_1") == {"sv_1"}
        ticket = tickets.open_ticket(session, ACCOUNT, ana.id, "k", "S", "M", "", SATURDAY)
        assert tickets.open_ticket(session, ACCOUNT, ana.id, "k", "S2", "M2", "", SATURDAY) is ticket
    with pytest.raises(DBAPIError), any_world.db.write() as session:
        deletions.add_deletion(session, ACCOUNT, ana.id, "k", wanted, SATURDAY)


def test_a_name_can_be_held_by_one_process_at_a_time(any_db: Database) -> None:
    with any_db.hold("worker-x", wait=False):
        with pytest.raises(SetupError, match="already runs"), any_db.hold("worker-x", wait=False):
            pass
        with any_db.hold("worker-y", wait=False):
            pass
    with any_db.hold("worker-x", wait=False):
        pass


def test_two_who_write_at_once_do_not_lose_each_others_change(any_db: Database) -> None:
    with any_db.write() as session:
        wanted = [deletions.Wanted("sv_1", "One", "VA1", 0)]
        login = logins.find_login(session, ADMIN)
        assert login
        deletion = deletions.add_deletion(session, ACCOUNT, login.id, "k", wanted, SATURDAY)

    def count() -> None:
        for _ in range(20):
            with any_db.write() as session:
                session.get_one(deletions.Deletion, deletion.id, with_for_update=True).attempt += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_db.read() as session:
        assert session.get_one(deletions.Deletion, deletion.id).attempt == 81


def _request(session, login_id: str, world: World) -> ClosureRequest:
    request = ClosureRequest(
        id="cr_1",
        reference="AAAA-AAAA-A",
        declaration=declarations.append(session, {}),
        account_id="ac_1",
        account_name="A",
        timezone="UTC",
        contract_id="ct_1",
        contract_name="C",
        login_id=login_id,
        idempotency_key="k",
        timing="immediate",
        received_at=SATURDAY,
        charges_end=SATURDAY,
        charges_end_at_the_latest=True,
        review_due=SATURDAY,
    )
    closures.add(session, request)
    return request
