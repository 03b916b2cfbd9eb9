"""The usage history as files: complete, exact, harmless in a spreadsheet, and for the account's own people."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.helpers.api import Program, make_token
from tests.helpers.faulty import FaultyProvider
from tests.helpers.large import add_services
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, words
from wizard.account.metering import Charge
from wizard.actions.context import Context
from wizard.actions.usage_files import HEAD, csv_file, json_file
from wizard.errors import ProviderUnavailable
from wizard.money import Money
from wizard.providers.embedded.tables import AccountRow
from wizard.providers.embedded.usage import record
from wizard.providers.values import Account, Page, UsageLine

SHOWN = "?since=2026-08&until=2026-11"


def get(world: World, name: str, query: str = "", account: str = "fernhill", email: str | None = ADMIN) -> TestResponse:
    return world.visit(email).get(f"/account/{world.account(account)}/usage-history/files/{name}{query}")


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def made(lines: list[UsageLine], name: str = "Larkspur Books", currency: str = "USD") -> tuple[bytes, str]:
    """The CSV file, and its name."""
    account = Account("ac_1", name, "LARK", currency, "UTC")
    context = Context(None, None, None, account, None, None)
    found = csv_file(context, lines, date(2026, 8, 1), date(2026, 11, 1))
    return found.content, found.name


def line(service: str = "One", place: str = "VA1", minor: int = 5, currency: str = "USD") -> UsageLine:
    return UsageLine(date(2026, 11, 1), "sv_1", service, place, 1, "hours", Money(minor, currency))


@pytest.mark.parametrize(
    ("name", "query", "saved"),
    [
        ("usage.csv", SHOWN, "usage-fernhill-robotics-2026-08-to-2026-11.csv"),
        ("usage.json", "", "usage-fernhill-robotics-2026-08-to-2026-11.json"),
        ("usage.csv", "?since=2026-11", "usage-fernhill-robotics-2026-11.csv"),
    ],
)
def test_a_file_is_saved_under_a_good_name_and_stays_private(world: World, name: str, query: str, saved: str) -> None:
    answer = get(world, name, query)
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{saved}"'
    assert answer.headers["Cache-Control"] == "no-store" and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.mimetype == ("text/csv" if name.endswith("csv") else "application/json")


def test_the_panel_links_the_months_shown_and_all(world: World) -> None:
    page = world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/usage-history/?until=2026-10").text
    files = f"/account/{world.account('fernhill')}/usage-history/files/"
    for kind in ("csv", "json"):
        assert f'href="{files}usage.{kind}?since=2026-07&amp;until=2026-10"' in page
        assert f'href="{files}usage.{kind}"' in page


def test_the_table_has_a_row_for_each_line_and_adds_up(world: World) -> None:
    found = rows(get(world, "usage.csv", SHOWN).data)
    lines = world.provider.usage(world.account("fernhill"), date(2026, 8, 1)).items
    assert len(found) == len(lines) == 24 and tuple(found[0]) == HEAD
    assert found[1] == {
        "month": "2026-11",
        "service": "VA1FERNWEB01",
        "place": "VA1",
        "quantity": "494",
        "unit": "hours",
        "amount": "24.70",
        "currency": "USD",
    }
    assert sum(Decimal(one["amount"]) for one in found) == Decimal("864.64")


def test_the_same_months_are_in_the_json_as_the_api_has_them(world: World) -> None:
    found = json.loads(get(world, "usage.json", SHOWN).data)
    assert {name: found[name] for name in found if name != "months"} == {
        "account": {
            "id": world.account("fernhill"),
            "name": "Fernhill Robotics",
            "currency": "USD",
            "timezone": "America/New_York",
        },
        "made_at": "2026-11-21T17:03:00Z",
        "since": "2026-08",
        "until": "2026-11",
    }
    assert found["months"] == Program(world, make_token(world)).get("/usage").json["months"]


def test_without_months_everything_is_there(world: World) -> None:
    with world.db.write() as session:
        begins = datetime(2019, 4, 10, tzinfo=UTC)
        charge = Charge(begins.date(), begins, begins, 1, Money(700, "USD"))
        account = session.get_one(AccountRow, world.account("fernhill"))
        record(session, account, world.service("VA1FERNWEB01"), [charge])
    answer = get(world, "usage.csv")
    assert rows(answer.data)[-1]["month"] == "2019-04"
    assert "usage-fernhill-robotics-2019-04-to-2026-11.csv" in answer.headers["Content-Disposition"]


def test_an_account_without_charges_has_a_table_with_its_head_alone() -> None:
    assert made([])[0] == b"\xef\xbb\xbf" + ",".join(HEAD).encode() + b"\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_name_becomes_a_formula(start: str) -> None:
    (row,) = rows(made([line(f"{start}cmd|' /C calc'!A0", f"{start}1", minor=-333)])[0])
    assert row["service"] == f"'{start}cmd|' /C calc'!A0" and row["place"] == f"'{start}1"
    assert (row["amount"], row["quantity"]) == ("-3.33", "1"), "numbers stay numbers"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ('a; "@x', "a; \"'@x"),
        ("a\n-1", "a\n'-1"),
        ("mail-01", "mail-01"),
        ("a, =b; c=d", "a, =b; c=d"),
    ],
)
def test_nor_does_what_stands_behind_a_mark_that_parts_cells_elsewhere(name: str, written: str) -> None:
    assert rows(made([line(name)])[0])[0]["service"] == written


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(-(10**12), 10**12)), max_size=5))
def test_whatever_services_are_called_the_table_is_read_back_as_it_was(lines: list[tuple[str, str, int]]) -> None:
    found = rows(made([line(service, place, minor) for service, place, minor in lines])[0])
    assert [
        (one["service"].replace("'", ""), one["place"].replace("'", ""), Decimal(one["amount"]) * 100) for one in found
    ] == [(service.replace("'", ""), place.replace("'", ""), minor) for service, place, minor in lines]
    assert not [one for one in found for text in (one["service"], one["place"]) if text[:1] in tuple("=+-@\t\r\n")]


@pytest.mark.parametrize(
    ("currency", "minor", "amount"),
    [("USD", 5, "0.05"), ("USD", -120000, "-1200.00"), ("JPY", 1200, "1200"), ("KWD", 1, "0.001"), ("USD", 0, "0.00")],
)
def test_amounts_have_the_digits_of_their_currency(currency: str, minor: int, amount: str) -> None:
    (row,) = rows(made([line(minor=minor, currency=currency)], currency=currency)[0])
    assert (row["amount"], row["currency"]) == (amount, currency)


@pytest.mark.parametrize(
    ("account", "saved"),
    [
        ("Larkspur Books", "usage-larkspur-books-2026-08-to-2026-11.csv"),
        ('Zoë & Söhne "GmbH"; a=b\r\nX: y', "usage-zoe-sohne-gmbh-a-b-x-y-2026-08-to-2026-11.csv"),
        ("../../etc/passwd", "usage-etc-passwd-2026-08-to-2026-11.csv"),
        ("株式会社", "usage-lark-2026-08-to-2026-11.csv"),
        ("x" * 300, f"usage-{'x' * 60}-2026-08-to-2026-11.csv"),
    ],
)
def test_the_name_is_safe_whatever_the_account_is_called(account: str, saved: str) -> None:
    assert made([], account)[1] == saved


def test_a_name_beyond_ascii_is_in_both_files_as_it_is() -> None:
    account = Account("ac_1", "Bücher", "LARK", "EUR", "UTC")
    context = Context(None, None, None, account, None, None)
    context.now = datetime(2026, 11, 21, tzinfo=UTC)
    lines, month = [line("Straße 株", currency="EUR")], date(2026, 11, 1)
    assert "Straße 株".encode() in csv_file(context, lines, month, month).content
    assert "Straße 株".encode() in json_file(context, lines, month, month).content


@pytest.mark.parametrize(
    "query", ["?since=2026-12", "?until=2027-01", "?since=2026-10&until=2026-09", "?since=yes", "?until=2026-13"]
)
def test_months_that_there_are_not_are_not_found(world: World, query: str) -> None:
    answer = get(world, "usage.csv", query)
    assert answer.status_code == 404 and "There is no such month" in answer.text


@pytest.mark.parametrize("path", ["usage-history/files/usage.xlsx", "my-services/files/usage.csv", "nothing/files/x"])
def test_a_file_that_there_is_not_is_not_found(world: World, path: str) -> None:
    answer = world.visit(ADMIN).get(f"/account/{world.account('fernhill')}/{path}")
    assert answer.status_code == 404 and "Content-Disposition" not in answer.headers


@pytest.mark.parametrize(("email", "status"), [(ADMIN, 200), (VIEWER, 200), (OTHER_ADMIN, 404), (None, 303)], ids=str)
def test_every_role_may_download_and_nobody_else(world: World, email: str | None, status: int) -> None:
    answer = get(world, "usage.csv", email=email)
    assert answer.status_code == status and ("FERNWEB01" in answer.text) == (status == 200)


class BreaksOff(FaultyProvider):
    """Answers the first page of the usage, and not the next."""

    def usage(self, account_id: str, since: date, after: str = "", until: date | None = None) -> Page[UsageLine]:
        if after:
            raise ProviderUnavailable("connection reset")
        return Page(self._real.usage(account_id, since, "", until).items[:5], "2")


@pytest.mark.parametrize("name", ["usage.csv", "usage.json"])
def test_an_account_system_that_breaks_off_gives_a_page_and_no_half_file(world: World, name: str) -> None:
    world.means.provider = BreaksOff(world.provider)
    answer = get(world, name)
    assert answer.status_code == 503 and "The account system does not answer" in words(answer)
    assert answer.mimetype == "text/html" and "Content-Disposition" not in answer.headers


def test_an_account_system_without_usage_says_that_it_is_not_possible(world: World) -> None:
    world.means.provider = FaultyProvider(world.provider, lacks={"usage"})
    answer = get(world, "usage.csv")
    assert answer.status_code == 404 and "Usage history is not possible here" in words(answer)


@pytest.mark.full
def test_a_large_account_of_three_years_is_one_file_with_every_line(world: World) -> None:
    add_services(world, 200)
    with world.db.write() as session:
        account = session.get_one(AccountRow, world.account("fernhill"))
        for number in range(200):
            months = [datetime(2023 + n // 12, n % 12 + 1, 1, 12, tzinfo=UTC) for n in range(36)]
            record(
                session,
                account,
                f"sv_{number:05}",
                [Charge(at.date(), at, at, 720, Money(1440, "USD")) for at in months],
            )
    found = rows(get(world, "usage.csv", "?until=2025-12").data)
    assert len(found) == 200 * 36 and sum(Decimal(one["amount"]) for one in found) == 200 * 36 * Decimal("14.40")
    assert len(json.loads(get(world, "usage.json", "?until=2025-12").data)["months"]) == 36
