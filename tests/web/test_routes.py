"""Every route has a rule, and all routes are walked as everybody."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.helpers.api import make_token, problem
from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World, words
from tests.web.deeds import count
from wizard.account.roles import Role, StaffRole
from wizard.actions.index import INDEX
from wizard.demo import PASSWORD
from wizard.records.deletions import Deletion
from wizard.records.logins import add_login, add_member
from wizard.web import access

MANAGER, AUTHOR = "manager@demo.example", "author@demo.example"
"""Roles that no demo login has."""
EVERYBODY = [None, ADMIN, MANAGER, VIEWER, OTHER_ADMIN, REVIEWER, AUTHOR]
PUBLIC = {
    "site.file",
    "site.static",
    "sign_in.form",
    "sign_in.enter",
    "sign_in.leave",
    "forgot.form",
    "forgot.ask",
    "credentials.form",
    "credentials.ask",
    "guide.live",
    "tokens.guide",
    "api.description",
    "invitations.confirmed",
}
BY_LINK = {"forgot.link", "forgot.set_password", "invitations.link", "invitations.accept"}
"""Public as well, with a link that is none."""
ACCOUNTS = {
    "accounts.account",
    "accounts.action",
    "accounts.send",
    "accounts.file",
    "invoices.listing",
    "invoices.invoice",
}
STAFF = {
    "components.page",
    "staff.queue",
    "staff.closure",
    "staff.decide",
    "staff.ticket",
    "staff.answer",
    "staff_mail.again",
}


def addresses(app: Flask, values: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every route, with these values for its variables."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods & {"GET", "POST", "DELETE"}:
            with app.test_request_context():
                known = {name: values[name] for name in rule.arguments}
                if rule.endpoint == "accounts.file":
                    known |= {"name": "usage-history", "file_name": "usage.csv"}
                yield rule.endpoint, method, app.url_map.bind("localhost").build(rule.endpoint, known, method=method)


def values(world: World, account: str) -> dict[str, str]:
    return {
        "account_id": account,
        "name": "delete-services",
        "slug": "closing-your-account",
        "step_id": "delete-services",
        "reference": "AAAA-AAAA-A",
        "closure_id": "cr_unknown",
        "ticket_id": "tk_unknown",
        "token_id": "at_unknown",
        "service_id": world.service("VA1FERNWEB01"),
        "mail_id": "ml_unknown",
        "setup_id": "ps_unknown",
        "path": "billing/",
        "file_name": "base.css",
        "token": "pl_unknown.0",
        "number": "FERN-2026-10",
    }


def test_a_view_without_a_rule_keeps_the_app_from_starting() -> None:
    app = Flask("bare")
    app.static_folder = None
    app.add_url_rule("/x/", "x", lambda: "open to all")
    with pytest.raises(LookupError, match="without an access rule: .*x"):
        access.guard(app)


@pytest.mark.parametrize("email", EVERYBODY, ids=str)
def test_all_routes_walked(world: World, email: str | None) -> None:
    account = world.account("fernhill")
    with world.db.write() as session:
        manager = add_login(session, MANAGER, "Mo", PASSWORD, world.clock())
        add_member(session, manager, account, Role.BILLING_MANAGER)
        add_login(session, AUTHOR, "Aut", PASSWORD, world.clock(), StaffRole.AUTHOR)
    visitor, member = world.visit(email), email in (ADMIN, MANAGER, VIEWER)
    for endpoint, method, address in addresses(world.app, values(world, account)):
        if endpoint == "sign_in.leave":
            continue
        if endpoint.startswith("guide.") and endpoint != "guide.live":
            address += f"?account={account}"
        if method == "DELETE":
            answer = visitor.client.delete(address, headers={"Idempotency-Key": "k"})
        else:
            answer = visitor.get(address) if method == "GET" else visitor.send(address, {})
        where = f"{email} {method} {address}: {answer.status_code}"
        assert answer.status_code < 500, where
        if endpoint in PUBLIC:
            assert answer.status_code in (200, 204, 422), where
        elif endpoint in BY_LINK:
            assert answer.status_code == 410, where
        elif endpoint == "api.nothing":
            assert problem(answer) == (404, "NotFound"), where
        elif endpoint.startswith("api."):
            assert problem(answer) == (401, "TokenNeeded"), where
        elif email is None:
            assert answer.status_code == 303 and "/sign-in/" in answer.location, where
        elif endpoint in STAFF:
            assert (answer.status_code == 404) == (not may_enter(email, endpoint) or "unknown" in address), where
        elif endpoint.startswith("test_processor."):
            assert answer.status_code == 404, where
        elif f"account={account}" in address or endpoint in ACCOUNTS:
            assert (answer.status_code == 404) == (not member), where
            if method == "POST":
                assert answer.status_code == (403 if email in (VIEWER, MANAGER) else 422 if member else 404), where


def may_enter(email: str | None, endpoint: str) -> bool:
    """Whether this page of staff is there for this login."""
    return email == REVIEWER or (email == AUTHOR and endpoint == "components.page")


TOKENS = {
    "none": (401, None),
    "ended": (401, ADMIN),
    "expired": (401, ADMIN),
    "another account's": (404, OTHER_ADMIN),
    Role.VIEWER: (200, ADMIN),
    Role.BILLING_MANAGER: (200, ADMIN),
    Role.ACCOUNT_ADMINISTRATOR: (200, ADMIN),
}
"""Kind of token, or its role -> what reading answers, and whose it is."""


@pytest.mark.parametrize("kind", TOKENS)
def test_all_routes_of_the_api_walked(world: World, clock: SetClock, kind: str) -> None:
    expected, email = TOKENS[kind]
    home = "larkspur" if email == OTHER_ADMIN else "fernhill"
    role = Role(kind) if kind in list(Role) else Role.ACCOUNT_ADMINISTRATOR
    token = make_token(world, email, home, role, ended=kind == "ended") if email else ""
    clock.advance(days=2 if kind == "expired" else 0)
    known = values(world, world.account("fernhill")) | {"reference": "unknown"}
    walked = 0
    for endpoint, method, address in addresses(world.app, known):
        if not endpoint.startswith("api.") or endpoint in ("api.nothing", "api.description"):
            continue
        headers = {"Idempotency-Key": "k"} | ({"Authorization": f"Bearer {token}"} if token else {})
        answer = world.app.test_client().open(address, method=method, headers=headers)
        where, walked = f"{kind} {method} {address}: {answer.status_code}", walked + 1
        if expected != 200:
            assert problem(answer)[0] == expected, where
        elif method == "DELETE":
            assert answer.status_code == (202 if role is Role.ACCOUNT_ADMINISTRATOR else 403), where
        else:
            assert answer.status_code == (404 if endpoint == "api.operation" else 200), where
    assert walked == 6
    assert count(world, Deletion) == (role is Role.ACCOUNT_ADMINISTRATOR and expected == 200)


def test_another_accounts_page_is_not_found_and_does_not_say_that_it_exists(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    other = lou.get(f"/account/{world.account('fernhill')}/")
    unknown = lou.get("/account/ac_unknown/")
    assert other.status_code == unknown.status_code == 404
    assert words(other) == words(unknown) and "Fernhill" not in other.text


def test_a_post_without_a_token_is_refused(world: World) -> None:
    ana = world.visit(ADMIN)
    answer = ana.client.post(f"/account/{world.account('fernhill')}/delete-services/", data={"key": "k"})
    assert answer.status_code == 400 and "no longer valid" in answer.text and "Nothing was changed" in answer.text
    assert "Billed services" in answer.text, "the form is shown again"


@pytest.mark.parametrize(
    "action", ["delete-services", "request-closure", "retrieve-data", "change-services", "update-payment-method"]
)
def test_a_viewer_can_send_nothing_that_changes_something(world: World, action: str) -> None:
    account = world.account("fernhill")
    contract = next(one.id for one in world.provider.contracts(account) if one.is_account)
    query = f"view=check&service={world.service('VA1FERNWEB01')}&scope={contract}&when=immediate"
    form = {"key": "k", "service": world.service("VA1FERNWEB01"), "shown": "23 November 2026 at the latest"}
    answer = world.visit(VIEWER).send(f"/account/{account}/{action}/?{query}", form)
    assert answer.status_code == 403 and "Nothing was changed" in answer.text


def test_staff_of_another_role_finds_no_reviews(world: World) -> None:
    with world.db.write() as session:
        add_login(session, "aut@demo.example", "Aut", PASSWORD, world.clock()).staff_role = "author"
    assert world.visit("aut@demo.example").get("/staff/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "path", ["/account/%00/", "/guide/%00/live", "/receipts/%00/", "/sign-in/?next=%00", "/requests/?%00=1"]
)
def test_a_character_that_no_text_has_is_refused(world: World, method: str, path: str) -> None:
    answer = world.visit(ADMIN).client.open(path, method=method)
    assert answer.status_code == 400 and "no text has" in answer.text
    assert world.visit(ADMIN).send("/sign-in/", {"email": "\0"}).status_code == 400


@pytest.mark.parametrize("name", ["action", "self", "account", "path", "frame", "context"])
def test_a_query_of_any_name_is_only_a_query(world: World, name: str) -> None:
    account, ana = world.account("fernhill"), world.visit(ADMIN)
    for action in INDEX:
        assert ana.get(f"/account/{account}/{action}/?{name}=x").status_code == 200


def test_an_address_as_long_as_no_file_name_is_not_found(world: World) -> None:
    assert world.visit().get("/" + "a" * 3000).status_code == 404


def test_an_address_forges_no_line_of_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    ana = world.visit(ADMIN)
    world.means.clock = None
    assert ana.get("/receipts/x%0AERROR forged/").status_code == 500
    assert "GET /receipts/x%0AERROR%20forged/ failed" in caplog.text


@pytest.mark.parametrize("path", ["/account/zzz/submit-request/", "/staff/requests/x/", "/guide/zzz/x/?account=zzz"])
def test_a_form_without_a_token_for_what_is_not_there_is_not_found(world: World, path: str) -> None:
    assert world.visit(ADMIN).client.post(path).status_code == 404
