"""Which services hold data and how it comes out, and for which the customer has stated "I have my data"."""

from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.actions.find_services import matching
from wizard.actions.holdings import articles_for, by_way, data_stated, holding, in_ways, stated_words
from wizard.actions.paging import PAGE, paged
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
        }
        return Panel("actions/retrieve_data.html", values)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        """Only what was changed on the page counts: ticked, or ticked before and now not."""
        self.require_role(context)
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


action = RetrieveData()
