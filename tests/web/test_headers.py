"""What each answer carries, and what it never leads to or lets run."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.helpers.world import ADMIN, OTHER_ADMIN, World


def test_only_the_search_page_may_run_webassembly(world: World) -> None:
    visitor = world.visit(None)
    for address, allowed in {"/search/": True, "/": False, "/search": False, "/account/": False}.items():
        assert ("'wasm-unsafe-eval'" in visitor.get(address).headers["Content-Security-Policy"]) == allowed, address


@pytest.mark.parametrize(
    ("address", "cached"),
    [
        ("/static/base.css?v=1", "max-age=31536000"),
        ("/static/search-words.js", "no-cache"),
        ("/static/search.json", "no-cache"),
    ],
)
def test_only_an_address_with_a_version_is_kept_for_long(world: World, address: str, cached: str) -> None:
    assert cached in world.visit(None).get(address).headers["Cache-Control"]


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


def test_a_missing_slash_stays_on_this_host_whatever_the_request_names(world: World) -> None:
    answer = world.visit(ADMIN).client.get("/account?choose=1", headers={"Host": "evil.example"})
    assert answer.status_code == 308 and answer.headers["Location"] == "/account/?choose=1"


def test_only_the_sites_own_pages_may_ask_for_live_states(world: World) -> None:
    world.config = replace(world.config, address="https://help.example/kb/")
    visitor, path = world.visit(OTHER_ADMIN), "/guide/closing-your-account/live"
    own = visitor.get(path, headers={"Origin": "https://help.example"}).headers
    assert own["Access-Control-Allow-Origin"] == "https://help.example"
    other = visitor.get(path, headers={"Origin": "https://evil.example"}).headers
    assert "Access-Control-Allow-Origin" not in other


def test_what_authors_attach_runs_no_script_beside_the_wizard(world: World, tmp_path: Path) -> None:
    world.config = replace(world.config, out=tmp_path)
    for name in ("evil.html", "evil.svg", "fine.pdf", "index.html"):
        (tmp_path / name).write_text("<html></html>")
    policies = {
        name: world.visit().get(f"/{name}").headers["Content-Security-Policy"] for name in ("evil.html", "evil.svg")
    }
    assert all(policy.startswith("sandbox;") for policy in policies.values())
    assert "sandbox" not in world.visit().get("/").headers["Content-Security-Policy"]
    assert "sandbox" not in world.visit().get("/fine.pdf").headers["Content-Security-Policy"], "it would not be shown"


def test_an_old_address_leads_on_at_once_and_stays_on_this_host(world: World) -> None:
    moved = {"/old/place.html": "/accounts/closing-your-account/", "/\u00fcber/": "/\u00e4/"}
    world.library = replace(world.library, redirects=moved)
    for old, new in (("/old/place.html", "/accounts/closing-your-account/"), ("/%C3%BCber/", "/%C3%A4/")):
        answer = world.visit().client.get(old, headers={"Host": "evil.example"})
        assert (answer.status_code, answer.headers["Location"]) == (301, new)
