"""Write to the support team; the ticket has a reference at once."""

import secrets

from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.errors import Invalid, Stale
from wizard.records import tickets
from wizard.theme.formats import counted, number

LONGEST_SUBJECT, LONGEST_MESSAGE = 120, 5000


class SubmitRequest(Action):
    name = "submit-request"

    def fact(self, context: Context) -> Fact:
        with context.means.db.read() as session:
            sent = tickets.of_account(session, context.account.id)
        from_here = [one for one in sent if context.step and one.context == _from(context)]
        if from_here:
            return Fact(Status.COMPLETED, f"Sent, reference {from_here[0].reference}.")
        return Fact(
            Status.NOT_STARTED, f"{counted(len(sent), 'request')} sent so far." if sent else "Nothing sent yet."
        )

    def show(self, context: Context, query: Answers) -> Panel:
        return self._form(context, query)

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        subject, message, key = form.one("subject"), form.one("message"), form.key()
        errors = {}
        if not subject:
            errors["subject"] = "Say in a few words what it is about."
        elif len(subject) > LONGEST_SUBJECT:
            errors["subject"] = f"Use at most {LONGEST_SUBJECT} characters; the message has room for more."
        if not message:
            errors["message"] = "Write what you need."
        elif len(message) > LONGEST_MESSAGE:
            errors["message"] = f"Use at most {number(LONGEST_MESSAGE)} characters."
        if errors:
            raise Invalid(errors)
        if not key:
            raise Stale("This form is not complete.", "Nothing was sent. Open it again.")
        with context.means.db.write() as session:
            context.means.db.lock(session, f"ticket {context.account.id}")
            ticket = tickets.open_ticket(
                session, context.account, context.login.id, key, subject, message, _from(context), context.now
            )
            if (ticket.login_id, ticket.subject, ticket.message) != (context.login.id, subject, message):
                raise Invalid(
                    {"message": "This form was sent before, with another text. Nothing was sent now; send it again."}
                )
            context.note(session, "writes to the support team", ticket.reference, key)
        return Outcome(receipt=ticket.reference)

    def _form(self, context: Context, answers: Answers) -> Panel:
        title = context.article.title if context.article else ""
        subject = answers.one("subject") if answers.all("subject") else title
        with context.means.db.read() as session:
            mine = tickets.of_account(session, context.account.id)[:5]
        values = {
            "subject": subject,
            "message": answers.one("message"),
            "key": secrets.token_urlsafe(18),
            "mine": mine,
        }
        return Panel("actions/submit_request.html", values)


def _from(context: Context) -> str:
    """The guide and step that it is written from."""
    if context.article is None or context.step is None:
        return ""
    return f"{context.article.slug}/{context.step.identity}"


action = SubmitRequest()
