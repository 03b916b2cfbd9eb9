"""Which services hold data and how it comes out, and for which the customer has stated "I have my data"."""

from wizard.actions import service_tasks
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.actions.find_services import matching
from wizard.actions.holdings import articles_for, by_way, data_stated, holding, in_ways, stated_words
from wizard.actions.paging import PAGE, paged
from wizard.errors import ProviderError
from wizard.records import runs
from wizard.theme.formats import counted, number


class RetrieveData(Action):
    name = "retrieve-data"

    def fact(self, context: Context) -> Fact:
        there = holding(context)
        if not there:
            return Fact(Status.COMPLETED, "No service holds data.")
        stated = data_stated(context)
        have = sum(service.id in stated for service in there)
        text = f"You have the data of {number(have)} of {counted(len(there), 'service')}."
        if have == len(there):
            return Fact(Status.COMPLETED, text)
        return Fact(Status.IN_PROGRESS if have else Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        if query.one("to") or query.one("view"):
            self.require_role(context)
            return service_tasks.show(context, query)
        if wanted := query.one("order"):
            return service_tasks.progress(context, wanted)
        return self._inventory(context, query)

    def _inventory(self, context: Context, query: Answers) -> Panel:
        """What is held, by place and way; a long list is searched and paged, and saved page by page."""
        there, stated, wanted = holding(context), data_stated(context), query.one("q")
        page = paged(in_ways(matching(there, wanted)), query.one("page"))
        values = {
            "places": by_way(context, page.items),
            "stated": stated_words(context, {one.id: stated[one.id] for one in page.items if one.id in stated}),
            "page": page,
            "wanted": wanted,
            "is_long": len(there) > PAGE,
            "articles": articles_for(context, (one.kind for one in there)),
            **_tasks(context),
        }
        return Panel("actions/retrieve_data.html", values)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        """Of ticks only what was changed on the page counts: ticked, or ticked before and now not."""
        self.require_role(context)
        if form.one("to"):
            return Outcome(look=True)
        if again := form.one("again"):
            service_tasks.look_again(context, again)
            return Outcome({"order": again})
        if form.one("view"):
            return Outcome({"order": service_tasks.order(context, form).id})
        ticked, were = set(form.all("service")), set(form.all("was"))
        self._state(context, ticked - were, were - ticked)
        at = {name: query.one(name) for name in ("q", "page")} | {"page": form.one("then") or query.one("page")}
        return Outcome({name: value for name, value in at.items() if value})

    def _state(self, context: Context, has: set[str], has_not: set[str]) -> None:
        has &= {service.id for service in holding(context)}
        if not has and not has_not:
            return
        account_id = context.account.id
        with context.means.db.write() as session:
            context.means.db.lock(session, f"data {account_id}")
            runs.state_data_copies(session, account_id, has, context.login.id, context.now)
            runs.take_back_data_copies(session, account_id, has_not)
            context.note(session, "states which data it has")


def _tasks(context: Context) -> dict[str, object]:
    """What the panel says of service tasks. A provider that does not tell them keeps nothing else from being shown."""
    try:
        tasks, away = service_tasks.offered(context), False
    except ProviderError:
        tasks, away = [], True
    return {"tasks": tasks, "tasks_away": away, "ordered": service_tasks.ordered(context)}


action = RetrieveData()
