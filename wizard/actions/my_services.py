"""Everything on the account, by domain or data center: what is billed, what is not, and why."""

from collections.abc import Sequence

from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.providers.values import Service
from wizard.theme.formats import counted, money


class MyServices(Action):
    name = "my-services"

    def fact(self, context: Context) -> Fact:
        text = billed_fact(context)
        return Fact(Status.COMPLETED if context.seen_at(self.name) else Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        return Panel("actions/my_services.html", {"places": by_place(context.services)})

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


def by_place(services: Sequence[Service]) -> list[tuple[str, list[Service]]]:
    """Domain or data center -> its services, in the provider's order."""
    places: dict[str, list[Service]] = {}
    for service in services:
        places.setdefault(service.place, []).append(service)
    return list(places.items())


action = MyServices()
