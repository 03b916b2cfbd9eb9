"""Who is a member of the account, who is invited, and who gets its invoices: see it, and change it."""

from collections.abc import Callable

from wizard.actions import changing_members as changing
from wizard.actions import inviting
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.errors import ActionNotSupported, ProviderError
from wizard.records import invitations, members
from wizard.theme.formats import counted, listed

_VIEWS: dict[str, Callable[[Context, Answers], Panel]] = {
    "invite": inviting.ask,
    "check": inviting.check,
    "invited": inviting.invited,
    "member": changing.member,
    "role": changing.check_role,
    "remove": changing.check_removal,
    "contact": changing.check_contact,
}
"""What the address, or a button, asks for -> the panel that shows it; anything else is the first view."""
_DEEDS: dict[str, Callable[[Context, Answers, Answers], Outcome]] = {
    "check": inviting.invite,
    "role": changing.change_role,
    "remove": changing.remove_member,
    "contact": changing.remove_contact,
}
"""View -> what its form does."""
_DONE = {
    "again": "The invitation is on its way once more. The link in the first mail works as well.",
    "back": "The invitation is taken back. Its link leads nowhere any more.",
    "role": "The role is changed, and a mail tells the member.",
    "removed": "The member is removed, and a mail says so.",
    "contact": "The billing contact is removed, and a mail says so.",
}


class Members(Action):
    name = "members"

    def fact(self, context: Context) -> Fact:
        with context.means.db.read() as session:
            there = len(members.of_account(session, context.account.id))
            waiting = [one for one in invitations.pending(session, context.account.id) if one.is_good(context.now)]
        parts = [counted(there, "member")]
        if waiting:
            parts.append(counted(len(waiting), "open invitation"))
        try:
            parts.append(counted(len(context.contacts), "billing contact"))
        except ProviderError:
            pass  # what is not known is left out; the panel says why
        seen = context.seen_at(self.name)
        return Fact(Status.COMPLETED if seen else Status.NOT_STARTED, f"{listed(parts)}.")

    def show(self, context: Context, query: Answers) -> Panel:
        view = _VIEWS.get(query.one("to") or query.one("view"))
        if view is None:
            return self._list(context, query)
        self.require_role(context)
        return view(context, query)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        if form.one("to"):
            return Outcome(look=True)
        if form.one("again"):
            outcome = inviting.send_again(context, form)
        elif form.one("back"):
            outcome = inviting.take_back(context, form)
        elif deed := _DEEDS.get(query.one("view")):
            outcome = deed(context, query, form)
        else:
            outcome = Outcome(onward=True)
        context.mark_seen(self.name)
        return outcome

    def _list(self, context: Context, query: Answers) -> Panel:
        with context.means.db.read() as session:
            there = members.of_account(session, context.account.id)
            waiting = invitations.pending(session, context.account.id)
        contacts, why_none = None, ""
        try:
            contacts = context.contacts
        except ActionNotSupported:
            why_none = "The account system keeps billing contacts elsewhere."
        except ProviderError:
            why_none = "The account system does not answer. Try again in a minute."
        values = {
            "members": there,
            "waiting": waiting,
            "contacts": contacts,
            "why_none": why_none,
            "done": _DONE.get(query.one("done"), ""),
            "in_words": invitations.in_words,
        }
        return Panel("actions/members.html", values)


action = Members()
