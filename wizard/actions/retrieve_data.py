"""Which services hold data, and for which the customer has stated "I have my data"."""

from datetime import datetime

from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.records import runs
from wizard.theme.formats import counted, number


class RetrieveData(Action):
    name = "retrieve-data"

    def fact(self, context: Context) -> Fact:
        holding = [service for service in context.services if service.data]
        if not holding:
            return Fact(Status.COMPLETED, "No service holds data.")
        stated = data_stated(context)
        have = sum(service.id in stated for service in holding)
        text = f"You have the data of {number(have)} of {counted(len(holding), 'service')}."
        if have == len(holding):
            return Fact(Status.COMPLETED, text)
        return Fact(Status.IN_PROGRESS if have else Status.NOT_STARTED, text)

    def show(self, context: Context, query: Answers) -> Panel:
        stated = data_stated(context)
        holding = [service for service in context.services if service.data]
        return Panel("actions/retrieve_data.html", {"holding": holding, "stated": stated})

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        holding = {service.id for service in context.services if service.data}
        with context.means.db.write() as session:
            runs.state_data_copies(
                session, context.account.id, holding & set(form.all("service")), context.login.id, context.now
            )
            context.note(session, "states which data it has")
        return Outcome()


def data_stated(context: Context) -> dict[str, datetime]:
    """Service -> when it was stated that its data is safe."""
    with context.means.db.read() as session:
        return runs.data_copies(session, context.account.id)


action = RetrieveData()
