"""Invite a member or a billing contact: ask, check, send; send it again, or take it back."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from wizard.account.people import plain_email, wrong_with_email, wrong_with_name
from wizard.account.roles import Role
from wizard.actions.action import Answers, Outcome, Panel
from wizard.actions.context import Context
from wizard.actions.limits import count_attempt
from wizard.errors import ActionNotSupported, Invalid, NotFound, Stale
from wizard.records import invitations, logins, members
from wizard.records.invitations import CONTACT, Invitation
from wizard.theme.formats import moment

MAY = {
    Role.VIEWER: "Looks at everything on the account, and changes nothing.",
    Role.BILLING_MANAGER: "Looks, changes services, and pays.",
    Role.ACCOUNT_ADMINISTRATOR: "All of that; deletes, closes, and decides who is a member.",
    CONTACT: "Gets invoices and payment notices, and cannot sign in.",
}
"""What somebody in this role does, in a line."""


@dataclass(frozen=True, slots=True)
class Wish:
    name: str
    email: str
    """As it was typed."""
    role: str


@contextmanager
def deed(context: Context) -> Iterator[Session]:
    """A transaction in which nobody else changes who belongs to the account, by somebody who still is its
    administrator. Raises Stale: not any more."""
    with context.means.db.write() as session:
        members.lock(context.means.db, session, context.account.id)
        if logins.role_on(session, context.login.id, context.account.id) is not Role.ACCOUNT_ADMINISTRATOR:
            raise Stale("You are not an administrator of this account any more.", "Nothing was changed.")
        yield session


def ask(context: Context, query: Answers, errors: dict[str, str] | None = None) -> Panel:
    values = {"wish": _wish(query), "roles": _choices(context)}
    return Panel("actions/members_invite.html", values, "Invite somebody", errors or {})


def check(context: Context, query: Answers) -> Panel:
    wish = _wish(query)
    try:
        with context.means.db.read() as session:
            _require_good(context, session, wish)
    except Invalid as problem:
        return ask(context, query, problem.fields)
    values = {
        "wish": wish,
        "roles": _choices(context),
        "email": plain_email(wish.email),
        "role": invitations.in_words(wish.role),
        "meaning": MAY[wish.role],
        "is_for_contact": wish.role == CONTACT,
        "days": invitations.GOOD_FOR.days,
        "key": secrets.token_urlsafe(18),
    }
    return Panel("actions/members_invite_check.html", values, "Check the invitation")


def invite(context: Context, query: Answers, form: Answers) -> Outcome:
    wish, key = _wish(form), form.key()
    if not key:
        raise Stale("This form is not complete.", "Nothing was sent. Open it again.")
    _roles(context)  # the provider is asked before anything is locked
    with deed(context) as session:
        if done := invitations.by_key(session, context.account.id, key):
            if (done.email, done.role) == (plain_email(wish.email), wish.role):
                return Outcome({"view": "invited", "invitation": done.id})
            raise Stale("This form was sent before, with other answers.", "Nothing was sent now. Check it again.")
        _require_good(context, session, wish)
        email = plain_email(wish.email)
        for earlier in _waiting(context, session, wish):
            earlier.taken_back_at = context.now  # its time has passed: the new one stands in its place
        row = invitations.add(session, context.account, context.login.id, key, wish.name, email, wish.role, context.now)
        _send(context, session, row)
        context.note(session, f"invites a {invitations.in_words(wish.role).lower()}", row.id, key)
    return Outcome({"view": "invited", "invitation": row.id})


def invited(context: Context, query: Answers) -> Panel:
    with context.means.db.read() as session:
        row = _own(context, session.get(Invitation, query.one("invitation")))
    values = {"invitation": row, "role": invitations.in_words(row.role), "meaning": MAY[row.role]}
    return Panel("actions/members_invited.html", values, f"{row.name or row.email} is invited")


def send_again(context: Context, form: Answers) -> Outcome:
    with deed(context) as session:
        row = _pending(context, session, form.one("again"))
        if form.one("sent") == str(row.sent):  # otherwise the same form has done it already
            _require_no_member(session, row)
            invitations.send_again(row, context.now)
            _send(context, session, row)
            context.note(session, "sends an invitation again", row.id)
    return Outcome({"done": "again"})


def take_back(context: Context, form: Answers) -> Outcome:
    with deed(context) as session:
        row = _own(context, session.get(Invitation, form.one("back"), with_for_update={"of": Invitation}))
        if row.used_at:
            raise Stale("This invitation was accepted meanwhile.", "Remove the member or the contact instead.")
        if row.is_pending:
            row.taken_back_at = context.now
            context.note(session, "takes an invitation back", row.id)
    return Outcome({"done": "back"})


def _send(context: Context, session: Session, row: Invitation) -> None:
    """Raises TooMany: a wizard is no way to fill somebody's mailbox."""
    subjects = {"invite": context.login.id, "invite-to": row.email}
    count_attempt(context.means, session, subjects, "Too many invitations for now.")
    values = {
        "invitation": row.id,
        "name": row.name,
        "account": row.account_name,
        "role": invitations.in_words(row.role).lower(),
        "by": context.login.name,
        "by_email": context.login.email,
    }
    context.means.post(session, row.email, "contact-invitation" if row.is_for_contact else "invitation", values)


def _require_good(context: Context, session: Session, wish: Wish) -> None:
    """Raises Invalid."""
    errors = {}
    if wish.role not in _roles(context):
        errors["role"] = "Choose what they are invited to."
    if (
        (fault := wrong_with_email(wish.email))
        or wish.role in _roles(context)
        and (fault := _there_already(context, session, wish))
    ):
        errors["email"] = fault
    if fault := wrong_with_name(wish.name):
        errors["name"] = fault
    if errors:
        raise Invalid({name: errors[name] for name in ("email", "name", "role") if name in errors})


def _there_already(context: Context, session: Session, wish: Wish) -> str:
    """Why somebody with this address needs no invitation; empty: they do."""
    email = plain_email(wish.email)
    for one in _waiting(context, session, wish):
        if one.is_good(context.now):
            until = moment(one.expires_at, one.timezone)
            return f"An invitation to {email} is open until {until}. Send that one again, or take it back first."
    if wish.role == CONTACT:
        there = any(plain_email(one.email) == email for one in context.contacts)
        return f"{email} is a billing contact already." if there else ""
    for login, role in members.of_account(session, context.account.id):
        if login.email == email:
            return f"{login.name} is a member already, as {role.title.lower()}. Change the role instead."
    return ""


def _require_no_member(session: Session, row: Invitation) -> None:
    login = logins.find_login(session, row.email)
    if not row.is_for_contact and login and logins.role_on(session, login.id, row.account_id):
        raise Stale(f"{login.name} is a member already.", "Nothing was sent. Take the invitation back.")


def _waiting(context: Context, session: Session, wish: Wish) -> list[Invitation]:
    """What was sent to this address before, for the same: as a member, or as a contact."""
    same = (plain_email(wish.email), wish.role == CONTACT)
    return [one for one in invitations.pending(session, context.account.id) if (one.email, one.is_for_contact) == same]


def _roles(context: Context) -> list[str]:
    """What somebody can be invited to here."""
    try:
        _ = context.contacts  # whether the provider has any
    except ActionNotSupported:
        return list(Role)
    return [*Role, CONTACT]


def _choices(context: Context) -> list[tuple[str, str, str, str]]:
    return [(role, invitations.in_words(role), MAY[role], "") for role in _roles(context)]


def _wish(answers: Answers) -> Wish:
    return Wish(" ".join(answers.one("name").split()), answers.one("email"), answers.one("role"))


def _pending(context: Context, session: Session, invitation_id: str) -> Invitation:
    row = _own(context, session.get(Invitation, invitation_id, with_for_update={"of": Invitation}))
    if not row.is_pending:
        raise Stale("This invitation was accepted or taken back meanwhile.", "Nothing was sent.")
    return row


def _own(context: Context, row: Invitation | None) -> Invitation:
    if row is None or row.account_id != context.account.id:
        raise NotFound("There is no such invitation.")
    return row
