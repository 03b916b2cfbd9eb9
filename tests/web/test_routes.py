"""Every route has a rule, and all routes are walked as everybody."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.helpers.world import ADMIN, OTHER_ADMIN, REVIEWER, VIEWER, World
from wizard.web import access

EVERYBODY = [None, ADMIN, VIEWER, OTHER_ADMIN, REVIEWER]
PUBLIC = {"site.file", "static", "sign_in.form", "sign_in.enter", "sign_in.leave", "guide.live"}
STAFF = {"staff.queue", "staff.closure", "staff.decide", "staff.ticket", "staff.answer"}


def addresses(app: Flask, values: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(endpoint, method, address) of every route, with these values for its variables."""
    for rule in app.url_map.iter_rules():
        for method in rule.methods & {"GET", "POST"}:
            with app.test_request_context():
                known = {name: values[name] for name in rule.arguments}
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
        "path": "billing/",
        "filename": "base.css",
    }


def test_a_view_without_a_rule_keeps_the_app_from_starting() -> None:
    app = Flask("bare")
    app.static_folder = None
    app.add_url_rule("/x/", "x", lambda: "open to all")
    with pytest.raises(LookupError, match="without an access rule: .*x"):
        access.guard(app)


@pytest.mark.parametrize("email", EVERYBODY, ids=str)
def test_all_routes_walked(world: World, email: str | None) -> None:
    visitor = world.visit(email)
    account = world.account("fernhill")
    member = email in (ADMIN, VIEWER)
    for endpoint, method, address in addresses(world.app, values(world, account)):
        if endpoint == "sign_in.leave":
            continue
        if endpoint.startswith("guide.") and endpoint != "guide.live":
            address += f"?account={account}"
        answer = visitor.get(address) if method == "GET" else visitor.send(address, {})
        where = f"{email} {method} {address}: {answer.status_code}"
        assert answer.status_code < 500, where
        if endpoint in PUBLIC:
            assert answer.status_code in (200, 204, 422), where
        elif email is None:
            assert answer.status_code == 303 and "/sign-in/" in answer.location, where
        elif endpoint in STAFF:
            assert (answer.status_code == 404) == (email != REVIEWER or "unknown" in address), where
        elif f"account={account}" in address or endpoint in ("accounts.account", "accounts.action", "accounts.send"):
            assert (answer.status_code == 404) == (not member), where
            if method == "POST":
                assert answer.status_code == (403 if email == VIEWER else 422 if member else 404), where


def test_another_accounts_page_is_not_found_and_does_not_say_that_it_exists(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    other = lou.get(f"/account/{world.account('fernhill')}/")
    unknown = lou.get("/account/ac_unknown/")
    assert other.status_code == unknown.status_code == 404
    assert other.text == unknown.text and "Fernhill" not in other.text


def test_a_post_without_a_token_is_refused(world: World) -> None:
    ana = world.visit(ADMIN)
    answer = ana.client.post(f"/account/{world.account('fernhill')}/delete-services/", data={"key": "k"})
    assert answer.status_code == 400 and "no longer valid" in answer.text and "Nothing was changed" in answer.text
    assert "Billed services" in answer.text, "the form is shown again"


@pytest.mark.parametrize("address", ["/", "/sign-in/", "/account/", "/nowhere/", "/static/base.css", "/staff/"])
def test_each_answer_carries_the_headers(world: World, address: str) -> None:
    headers = world.visit(ADMIN).get(address).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "object-src 'none'" in policy and "base-uri 'none'" in policy
    assert "unsafe" not in policy and headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_is_closed_to_scripts_and_to_other_sites(world: World) -> None:
    visitor = world.visit()
    answer = visitor.send("/sign-in/", {"email": ADMIN, "password": "try-the-wizard"})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_pages_of_an_account_are_not_kept_by_caches(world: World) -> None:
    assert world.visit(ADMIN).get("/requests/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    ["/../wizard.toml", "/.gitignore", "/static/../../wizard.toml", "/%2e%2e/wizard.toml", "/billing/..%2f..%2fx"],
)
def test_nothing_outside_the_site_is_served(world: World, path: str) -> None:
    assert world.visit().get(path).status_code == 404
