"""A reviewer decides; the customer sees each state."""

from datetime import datetime, timedelta

from tests.helpers.clock import SetClock
from tests.helpers.world import ADMIN, REVIEWER, World, wait_until, words
from tests.web.deeds import close_address, decide, sent, to_review


def test_a_reviewer_sees_all_facts_approves_and_the_customer_sees_each_state(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        receipt = sent(ana, close_address(world))
        rae, address = world.visit(REVIEWER), to_review(world)
        page = rae.get(address).text
        for shown in (
            ADMIN,
            "account administrator",
            "$230.72 a month",
            "$238.08",
            "Approval deletes 6 services at once",
        ):
            assert shown in page, shown
        decide(world, "approve")
        wait_until(lambda: "What happened" in ana.get(receipt).text)
        page = ana.get(receipt).text
    assert "It is closed, since 21 November 2026 at 12:03" in words(ana.get(receipt))
    for state in ("Received", "In review", "Approved", "Closing", "Closed"):
        assert f"<strong>{state}</strong>" in page
    assert world.provider.account(world.account("fernhill")).closed_at
    closed = words(ana.get(f"/guide/closing-your-account/?account={world.account('fernhill')}"))
    assert "was closed on 21 November 2026 at 12:03 (UTC\u22125). Nothing is left to do." in closed


def test_declining_needs_a_reason_and_the_customer_reads_it(world: World) -> None:
    ana = world.visit(ADMIN)
    with world.worker():
        receipt = sent(ana, close_address(world))
        rae, address = world.visit(REVIEWER), to_review(world)
        empty = rae.submit(address, "Decline", decision="decline", reason="no")
        assert empty.status_code == 422 and 'href="#reason"' in empty.text
        decide(world, "decline", reason="The account holder says that it was not her.")
        wait_until(lambda: world.provider.contracts(world.account("fernhill"))[0].charges_end is None)
    page = words(ana.get(receipt))
    assert "It was declined on 21 November 2026 at 12:03 (UTC\u22125), and charges go on." in page
    assert "Reason: The account holder says that it was not her." in page and "Charges endThey go on" in page
    assert len(world.services("fernhill")) == 8
    assert "You can send another" in ana.get(f"/guide/closing-your-account/?account={world.account('fernhill')}").text


def test_two_reviewers_decide_once(world: World) -> None:
    with world.worker():
        sent(world.visit(ADMIN), close_address(world))
        rae, address = world.visit(REVIEWER), to_review(world)
        first = rae.submit(address, "Approve", decision="approve")
        late = rae.send(address, {"decision": "decline", "reason": "A reason that is long enough."})
    assert first.status_code == 303 and late.status_code == 409 and "Nothing was done twice" in late.text


def test_at_the_end_of_the_period_approval_schedules(world: World) -> None:
    ana = world.visit(ADMIN)
    address = close_address(world, "larkspur", "The package of larkspurpress.example", "end_of_period")
    with world.worker():
        receipt = sent(ana, address)
        decide(world, "approve")
        wait_until(world.effects)
    page = words(ana.get(receipt))
    assert "ScheduledFor 30 November 2026, decided 21 November 2026 at 11:03" in page
    assert "Charges end on 30 November 2026" in page
    assert [effect for effect, _, _ in world.effects()] == ["charges end at 2026-12-01 06:00 UTC"]


def test_a_review_that_is_late_is_marked_and_charges_still_end(world: World, clock: SetClock) -> None:
    with world.worker():
        receipt = sent(world.visit(ADMIN), close_address(world))
        wait_until(lambda: world.effects())
    before = world.clock()
    clock.advance(days=5)
    assert "(overdue)" in world.visit(REVIEWER).get("/staff/").text
    lines = world.provider.usage(world.account("fernhill"), before.date()).items
    web = next(line for line in lines if line.service == "VA1FERNWEB01")
    promised = datetime.fromisoformat("2026-11-24T05:00:00+00:00")
    begun = datetime.fromisoformat("2026-11-01T04:00:00+00:00")
    assert web.quantity == (promised - begun) / timedelta(hours=1) and receipt
