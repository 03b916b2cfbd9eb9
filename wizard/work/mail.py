"""Send one mail, a try at a time. The row says how it stands; the next try is enqueued with what it says.

A kill between sending and noting sends again, with the same Message-ID and the same bytes.
"""

from dbos import DBOS

from wizard.records import mail as mails
from wizard.records.mail import Mail, MailState
from wizard.work.delivery import Delayed, Undeliverable
from wizard.work.parts import STEADY, parts, unless_stopped
from wizard.work.post_office import Outdated

FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
"""Seconds. Each wait is twice the one before."""
TRIES = 78
"""Some three days of them."""


def wait_after(attempt: int) -> float:
    """Seconds from this attempt, the first being 1, to the next."""
    return min(FIRST_WAIT * 2 ** (attempt - 1), LONGEST_WAIT)


@DBOS.workflow(name="send-mail")
def send_mail(mail_id: str) -> None:
    workflow_id = str(DBOS.workflow_id)
    try:
        state, problem = _try_once(mail_id, workflow_id)
    except Exception as error:  # whatever it is, such as a template that fails, the mail must not be lost
        state, problem = MailState.WAITING, f"It cannot be written: {unless_stopped(error)}"
    _note(mail_id, workflow_id, state, problem)


@DBOS.step()
def _try_once(mail_id: str, workflow_id: str) -> list[str]:
    """Returns how the mail stands after it, and why it is not sent."""
    post_office = parts().post_office
    try:
        with parts().db.read() as session:
            mail = session.get_one(Mail, mail_id)
            if not mail.is_due(workflow_id):
                return [mail.state, ""]
            message = post_office.message(session, mail, parts().clock())
        post_office.deliver(message, mail)
    except Delayed as delay:
        return [MailState.WAITING, str(delay)]
    except Undeliverable as refusal:
        return [MailState.GIVEN_UP, str(refusal)]
    except Outdated as reason:
        return [MailState.OUTDATED, str(reason)]
    return [MailState.SENT, ""]


@DBOS.step(**STEADY)
def _note(mail_id: str, workflow_id: str, state: str, problem: str) -> None:
    """Write down how it went; the next try begins with that, or there is none."""
    with parts().db.write() as session:
        mail = mails.to_change(session, mail_id)
        if mail is None or not mail.is_due(workflow_id):
            return
        mail.problem = problem or None
        if state == MailState.WAITING and mail.attempt < TRIES:
            parts().queue.send_mail(session, mail, delay_seconds=wait_after(mail.attempt))
            return
        mail.state = MailState.GIVEN_UP if state == MailState.WAITING else state
        if state == MailState.SENT:
            mail.sent_at = parts().clock()
