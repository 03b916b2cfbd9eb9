"""The guide as a customer walks it without JavaScript, and as htmx asks for it."""

import html
import re
from dataclasses import replace
from itertools import repeat

from sqlalchemy import delete

from tests.helpers.clock import SetClock
from tests.helpers.faulty import Fault, FaultyProvider
from tests.helpers.world import ADMIN, OTHER_ADMIN, VIEWER, World, wait_until
from wizard.app import create_app
from wizard.content.library import Library
from wizard.providers.embedded.tables import InvoiceLineRow, ServiceRow, UsageMonthRow, UsageRow

GUIDE = "/guide/closing-your-account/"


def tasks(text: str) -> dict[str, tuple[str, str]]:
    """Step's title -> (status, fact) on a guide's page."""
    found = re.findall(
        r'<h2>(?:<a href="[^"]+">)?([^<]*)(?:</a>)?</h2>\s*<span class="status[^"]*">(.*?)</span>\s*<p class="fact">(.*?)</p>',
        text,
        re.DOTALL,
    )
    return {title: (status, html.unescape(re.sub("<[^>]+>", "", fact))) for title, status, fact in found}


def test_the_task_list_says_what_was_checked(world: World) -> None:
    page = world.visit(ADMIN).get(f"{GUIDE}?account={world.account('fernhill')}").text
    assert list(tasks(page).values()) == [
        ("Not yet started", "$158.08 so far in November 2026; $230.72 by 30 November 2026 if nothing changes."),
        ("Not yet started", "You have the data of 0 of 5 services."),
        ("Not yet started", "6 services are still billed, $230.72 a month."),
        ("Not yet started", "If you close now: 1 invoice, $176.96, on 1 December 2026."),
        ("Not yet started", "No closure request has been received."),
    ]
    assert "completed 0 of 5 steps" in page and ">Start</a>" in page


def test_a_step_shows_the_articles_own_words_and_the_account(world: World) -> None:
    page = world.visit(ADMIN).get(f"{GUIDE}usage-history/?account={world.account('fernhill')}").text
    assert "Go back at least one full month" in page and "VA1FERNWEB01" in page and "$37.20" in page
    assert "Step 1 of 5" in page


def test_continue_marks_the_step_as_seen_and_leads_on(world: World, clock: SetClock) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    step = f"{GUIDE}usage-history/?account={account}"
    answer = ana.submit(step, "Continue")
    assert answer.status_code == 303 and answer.location == f"{GUIDE}retrieve-data/?account={account}"
    page = ana.get(f"{GUIDE}?account={account}").text
    assert "completed 1 of 5 steps" in page and ">Continue</a>" in page
    assert next(iter(tasks(page).values()))[0] == "Completed"
    clock.advance(days=10)  # another month has begun: what was seen is no longer all
    assert next(iter(tasks(ana.get(f"{GUIDE}?account={account}").text).values()))[0] == "Not yet started"


def test_a_get_never_counts_as_seen(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    ana.get(f"{GUIDE}usage-history/?account={account}")
    assert "completed 0 of 5" in ana.get(f"{GUIDE}?account={account}").text


def test_one_can_leave_and_come_back_to_the_same_account(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    assert "Choose an account" in ana.get(GUIDE).text
    ana.submit(f"{GUIDE}usage-history/?account={account}", "Continue")
    again = world.visit(ADMIN).get(GUIDE)
    assert again.status_code == 303 and again.location == f"{GUIDE}?account={account}"
    assert "Choose an account" in ana.get(f"{GUIDE}?choose=1").text


def test_a_viewer_sees_the_facts_and_who_can_act(world: World) -> None:
    vik, account = world.visit(VIEWER), world.account("fernhill")
    page = vik.get(f"{GUIDE}?account={account}").text
    statuses = [status for status, _ in tasks(page).values()]
    assert statuses == [
        "Not yet started",
        "Cannot start yet",
        "Cannot start yet",
        "Not yet started",
        "Cannot start yet",
    ]
    step = vik.get(f"{GUIDE}delete-services/?account={account}")
    assert step.status_code == 200 and "Ana Ruiz" in step.text and "VA1FERNWEB01" in step.text
    assert "checkbox" not in step.text


def test_a_viewer_who_sends_the_form_all_the_same_is_refused(world: World) -> None:
    vik, account = world.visit(VIEWER), world.account("fernhill")
    for step in ("delete-services", "request-closure"):
        query = f"?account={account}&view=check&service={world.service('VA1FERNWEB01')}"
        assert vik.get(f"{GUIDE}{step}/{query}").status_code == 403
        answer = vik.send(f"{GUIDE}{step}/{query}", {"key": "k"})
        assert answer.status_code == 403 and "Nothing was changed" in answer.text and "Ana Ruiz" in answer.text
    assert world.effects() == []


def test_another_accounts_guide_is_not_found(world: World) -> None:
    assert world.visit(OTHER_ADMIN).get(f"{GUIDE}?account={world.account('fernhill')}").status_code == 404


def test_an_unknown_guide_or_step_says_what_to_do(world: World) -> None:
    ana = world.visit(ADMIN)
    assert "no such guide" in ana.get("/guide/nonsense/").text
    gone = ana.get(f"{GUIDE}nonsense/?account={world.account('fernhill')}")
    assert gone.status_code == 404 and "The article may have changed" in gone.text


def test_an_edited_article_keeps_what_was_done_and_says_that_it_changed(world: World, library: Library) -> None:
    account = world.account("fernhill")
    world.visit(ADMIN).submit(f"{GUIDE}usage-history/?account={account}", "Continue")
    article = library.guide("closing-your-account")
    edited = replace(article, content_hash="another", steps=article.steps[1:] + article.steps[:1])
    world.__dict__["app"] = create_app(
        world.config,
        world.means,
        replace(library, read=lambda address: edited if address == edited.address else library.read(address)),
    )
    page = world.visit(ADMIN).get(f"{GUIDE}?account={account}").text
    assert "The article was changed" in page and "completed 1 of 5" in page


def test_htmx_gets_the_panel_alone_and_the_rail_beside_it(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://localhost{GUIDE}delete-services/?account={account}"}
    query = f"?account={account}&action=delete-services&view=check&service={world.service('VA1FERNWEB01')}"
    answer = ana.get(f"{GUIDE}delete-services/{query}", headers=headers)
    assert answer.text.startswith("<title>Check before you delete 1 service of Fernhill Robotics - Fernhill Robotics")
    assert "<html" not in answer.text and 'id="delete-services"' in answer.text and 'hx-swap-oob="true"' in answer.text
    assert answer.headers["HX-Push-Url"] == f"{GUIDE}delete-services/{query}"
    restored = ana.get(f"{GUIDE}delete-services/{query}", headers=headers | {"HX-History-Restore-Request": "true"})
    assert "<html" in restored.text


def test_htmx_gets_the_whole_page_of_a_step_that_has_no_panel(world: World) -> None:
    path = f"/guide/cancelling-services/?account={world.account('larkspur')}"
    plain = next(one for one in world.library.guide("cancelling-services").steps if not one.actions)
    step = path.replace("/?", f"/{plain.identity}/?")
    answer = world.visit(ADMIN).get(step, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" in answer.text


def test_where_a_step_has_two_actions_either_is_enough_if_the_author_says_or(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    guide = "/guide/understanding-usage-history/"
    step = next(one for one in world.library.guide("understanding-usage-history").steps if one.any_of)
    page = ana.get(f"{guide}{step.identity}/?account={account}").text
    assert 'id="my-services"' in page and 'id="submit-request"' in page
    answer = ana.submit(f"{guide}{step.identity}/?account={account}", "Continue")
    assert answer.status_code == 303
    assert tasks(ana.get(f"{guide}?account={account}").text)[step.title][0] == "Completed"


def test_a_step_without_an_action_has_no_status_and_does_not_count(world: World) -> None:
    page = world.visit(ADMIN).get(f"/guide/cancelling-services/?account={world.account('larkspur')}").text
    assert "of 5 steps" in page and page.count('class="station') == 6


def test_the_articles_page_gets_its_live_states(world: World) -> None:
    lou = world.visit(OTHER_ADMIN)
    live = lou.get(f"{GUIDE}live")
    assert (
        live.status_code == 200
        and 'id="live-delete-services"' in live.text
        and "5 services are still billed" in live.text
    )
    assert world.visit().get(f"{GUIDE}live").status_code == 204
    assert world.visit(ADMIN).get(f"{GUIDE}live").status_code == 204, "two accounts, none chosen yet"


def test_a_provider_that_does_not_answer_is_a_problem_of_its_step_alone(world: World) -> None:
    account = world.account("fernhill")
    ana = world.visit(ADMIN)
    world.means.provider = FaultyProvider(world.provider, script={"services": repeat(Fault.BEFORE)})
    page = ana.get(f"{GUIDE}?account={account}")
    assert page.status_code == 200
    statuses = [status for status, _ in tasks(page.text).values()]
    assert statuses == ["Not yet started", *["There is a problem"] * 3, "Not yet started"]
    step = ana.get(f"{GUIDE}delete-services/?account={account}")
    assert step.status_code == 503 and "does not answer" in step.text
    sent = ana.send(f"{GUIDE}delete-services/?account={account}&view=check&service=x", {"key": "k"})
    assert sent.status_code == 503 and "Nothing was changed" in sent.text


def test_an_account_where_everything_is_gone_has_empty_states(world: World) -> None:
    account = world.account("fernhill")
    with world.db.write() as session:
        session.execute(delete(InvoiceLineRow))
        session.execute(delete(UsageRow))
        session.execute(delete(UsageMonthRow))
        session.execute(delete(ServiceRow).where(ServiceRow.stands_on.is_not(None)))
        session.execute(delete(ServiceRow))
    ana = world.visit(ADMIN)
    for action, words in {
        "usage-history": "Nothing has been charged",
        "my-services": "There is nothing on this account",
        "retrieve-data": "There is nothing to copy",
        "delete-services": "Nothing is billed any more",
        "request-closure": "Charges end today",
    }.items():
        page = ana.get(f"/account/{account}/{action}/")
        assert page.status_code == 200 and words in page.text, action


def test_the_whole_way_without_javascript(world: World) -> None:
    ana, account = world.visit(ADMIN), world.account("fernhill")
    step = f"{GUIDE}delete-services/?account={account}"
    check = f"{step}&view=check&all=1"
    assert "Delete 6 services" in ana.get(check).text
    with world.worker():
        answer = ana.submit(check, "Delete 6 services")
        assert answer.status_code == 303
        assert 'http-equiv="refresh"' in ana.get(answer.location).text or not world.effects()
        wait_until(lambda: "6 services deleted" in ana.get(answer.location).text)
        page = tasks(ana.get(f"{GUIDE}?account={account}").text)
        assert page["Delete the services that are still billed"] == ("Completed", "No billed service is left.")
