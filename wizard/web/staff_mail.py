"""For reviewers: mail that could not be sent is sent again."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from wizard.account.roles import StaffRole
from wizard.errors import NotFound, Stale
from wizard.records import audit, mail
from wizard.records.mail import MailState
from wizard.web import access
from wizard.web.means import house, who

blueprint = Blueprint("staff_mail", __name__, url_prefix="/staff/mail")


@blueprint.post("/<mail_id>/")
@access.staff(StaffRole.REVIEWER)
def again(mail_id: str) -> ResponseReturnValue:
    """One more try, or as many as are left of those that are made by themselves."""
    means = house().means
    with means.db.write() as session:
        row = mail.to_change(session, mail_id)
        if row is None:
            raise NotFound
        if row.state != MailState.GIVEN_UP:
            raise Stale("This mail is on its way already.", "Nothing was sent twice.")
        row.state = MailState.WAITING
        means.queue.send_mail(session, row)
        audit.note(session, who(), "has a mail sent again", means.clock(), subject=row.id)
    return redirect(url_for("staff.queue"), 303)
