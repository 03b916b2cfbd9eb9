"""Everything on the account, by domain or data center: what is billed, what is not, and why."""

from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.closing import commitments
from wizard.actions.context import Context
from wizard.actions.find_services import by_place, in_places, matching
from wizard.actions.paging import PAGE, paged
from wizard.theme.formats import counted, money


class MyServices(Action):
    name = "my-services"

    def fact(self, context: Context) -> Fact:
        text = billed_fact(context)
        return Fact(Status.COMPLETED if context.seen_at(self.name) else Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        wanted, billed_only = query.one("q"), bool(query.one("billed"))
        found = matching(context.services, wanted)
        billed = [one for one in found if one.is_billed]
        chosen = in_places(billed if billed_only else found)
        page = paged(chosen, query.one("page"))
        values = {
            "places": by_place(page.items),
            "in_place": {place: len(there) for place, there in by_place(chosen)},
            "page": page,
            "wanted": wanted,
            "billed_only": billed_only,
            "found": len(found),
            "billed": len(billed),
            "terms": commitments(context.contracts),
            "is_long": len(context.services) > PAGE,
        }
        return Panel("actions/my_services.html", values)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        context.mark_seen(self.name)
        return Outcome(onward=True)


def billed_fact(context: Context) -> str:
    """`2 services are still billed, $41.20 a month.` After the promised end they cost nothing any more."""
    billed = context.billed
    if not billed:
        return "No billed service is left."
    verb = "is" if len(billed) == 1 else "are"
    cost = context.per_month(billed)
    if not cost.minor:
        return f"{counted(len(billed), 'service')} {verb} still there. Charges have ended."
    return f"{counted(len(billed), 'service')} {verb} still billed, {money(cost)} a month."


action = MyServices()
