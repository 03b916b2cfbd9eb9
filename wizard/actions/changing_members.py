"""Change a member's role, remove a member or a billing contact: check, then confirm once."""

import secrets

from sqlalchemy.orm import Session

from wizard.account.roles import Role
from wizard.actions.action import Answers, Outcome, Panel
from wizard.actions.context import Context
from wizard.actions.inviting import MAY, deed
from wizard.errors import Invalid, NotFound, ProviderRefused, ProviderUnavailable, Stale
from wizard.providers.billing import Contact
from wizard.records import api_tokens, audit, invitations, logins, members
from wizard.records.logins import Login
from wizard.theme.formats import moment

_ADMINISTRATOR = Role.ACCOUNT_ADMINISTRATOR
_NEEDS_ONE = "An account has at least one administrator. Make another member administrator first."


def member(context: Context, query: Answers, errors: dict[str, str] | None = None) -> Panel:
    with context.means.db.read() as session:
        login, role = _member(context, session, query.one("member"))
    values = {
        "member": login,
        "role": role,
        "roles": [(one, one.title, MAY[one], "") for one in Role],
        "chosen": query.one("role") or role,
    }
    return Panel("actions/member.html", values, login.name, errors or {})


def check_role(context: Context, query: Answers) -> Panel:
    with context.means.db.read() as session:
        login, role = _member(context, session, query.one("member"))
        try:
            wanted = _wanted(context, session, login, role, query.one("role"))
        except Invalid as problem:
            return member(context, query, problem.fields)
    values = {
        "member": login,
        "role": role,
        "wanted": wanted,
        "meaning": MAY[wanted],
        "lowers": not wanted.includes(role),
        "key": secrets.token_urlsafe(18),
    }
    return Panel("actions/member_role.html", values, f"Check the new role of {login.name}")


def change_role(context: Context, query: Answers, form: Answers) -> Outcome:
    member_id, key = query.one("member"), _key(form)
    with deed(context) as session:
        if _is_done(context, session, key, member_id):
            return Outcome({"done": "role"})
        login, role = _member(context, session, member_id)
        _require_as_shown(role, form)
        wanted = _wanted(context, session, login, role, query.one("role"))
        members.change_role(session, login.id, context.account.id, wanted)
        api_tokens.cap(session, login.id, context.account.id, wanted, context.now)
        if role is _ADMINISTRATOR:
            invitations.take_back_from(session, context.account.id, login.id, context.now)
        _tell(context, session, login, "membership-changed", role=wanted.title.lower(), before=role.title.lower())
        context.note(session, f"makes a {role.title.lower()} {wanted.title.lower()}", login.id, key)
    return Outcome({"done": "role"})


def check_removal(context: Context, query: Answers) -> Panel:
    with context.means.db.read() as session:
        login, role = _member(context, session, query.one("member"))
        needed = _is_last(context, session, role)
    values = {
        "member": login,
        "role": role,
        "needs_one": _NEEDS_ONE if needed else "",
        "key": secrets.token_urlsafe(18),
    }
    who = "yourself" if login.id == context.login.id else login.name
    return Panel("actions/member_remove.html", values, f"Check before you remove {who}")


def remove_member(context: Context, query: Answers, form: Answers) -> Outcome:
    member_id, key = query.one("member"), _key(form)
    with deed(context) as session:
        if _is_done(context, session, key, member_id):
            return Outcome({"done": "removed"})
        login, role = _member(context, session, member_id)
        _require_as_shown(role, form)
        if _is_last(context, session, role):
            raise Stale(f"{login.name} is the only administrator.", f"Nobody was removed. {_NEEDS_ONE}")
        members.remove(session, login.id, context.account.id)
        api_tokens.cap(session, login.id, context.account.id, None, context.now)
        invitations.take_back_from(session, context.account.id, login.id, context.now)
        _tell(context, session, login, "membership-ended")
        context.note(session, f"removes a {role.title.lower()}", login.id, key)
    return Outcome(away=lambda _: "/login/?done=left") if login.id == context.login.id else Outcome({"done": "removed"})


def check_contact(context: Context, query: Answers) -> Panel:
    values = {"contact": _contact(context, query.one("contact")), "key": secrets.token_urlsafe(18)}
    return Panel("actions/contact_remove.html", values, "Check before you remove a billing contact")


def remove_contact(context: Context, query: Answers, form: Answers) -> Outcome:
    contact_id, key = query.one("contact"), _key(form)
    with context.means.db.read() as session:
        if _is_done(context, session, key, contact_id):
            return Outcome({"done": "contact"})
    contact = _contact(context, contact_id)
    _remove_at_provider(context, contact)
    with context.means.db.write() as session:
        members.lock(context.means.db, session, context.account.id)
        if _is_done(context, session, key, contact_id):
            return Outcome({"done": "contact"})  # the same form, sent twice at once
        context.means.post(
            session, contact.email, "contact-ended", {"name": contact.name, "account": context.account.name}
        )
        context.note(session, "removes a billing contact", contact_id, key)
    return Outcome({"done": "contact"})


def _remove_at_provider(context: Context, contact: Contact) -> None:
    """Believed only when it is read back, also where the answer got lost. Raises Stale or ProviderUnavailable."""
    provider, account_id, lost = context.means.provider, context.account.id, None
    try:
        provider.remove_contact(account_id, contact.id, f"remove-{account_id}-{contact.id}")
    except ProviderRefused as refusal:
        raise Stale(f"{contact.email} stays a billing contact.", str(refusal)) from refusal
    except ProviderUnavailable as error:
        lost = error
    if any(one.id == contact.id for one in provider.contacts(account_id)):
        raise lost or Stale("The account system has not removed the contact yet.", "Look again in a minute.")


def _member(context: Context, session: Session, member_id: str) -> tuple[Login, Role]:
    """Raises NotFound."""
    for login, role in members.of_account(session, context.account.id):
        if login.id == member_id:
            return login, role
    raise NotFound("There is no such member.", "They may have been removed meanwhile. Look at all members.")


def _contact(context: Context, contact_id: str) -> Contact:
    """Raises NotFound."""
    found = next((one for one in context.contacts if one.id == contact_id), None)
    if found is None:
        raise NotFound("There is no such billing contact.", "It may have been removed meanwhile. Look at all of them.")
    return found


def _wanted(context: Context, session: Session, login: Login, role: Role, asked: str) -> Role:
    """The new role. Raises Invalid."""
    if asked not in list(Role):
        raise Invalid({"role": "Choose a role."})
    if asked == role:
        raise Invalid({"role": f"{login.name} is {role.title.lower()} already. Choose another role."})
    if _is_last(context, session, role):
        raise Invalid({"role": f"{login.name} is the only administrator. {_NEEDS_ONE}"})
    return Role(asked)


def _is_last(context: Context, session: Session, role: Role) -> bool:
    """Would the account be without an administrator if a member of this role had it no more?"""
    return role is _ADMINISTRATOR and len(logins.administrators(session, context.account.id)) == 1


def _key(form: Answers) -> str:
    if not form.key():
        raise Stale("This form is not complete.", "Nothing was changed. Open it again.")
    return form.key()


def _is_done(context: Context, session: Session, key: str, subject: str) -> bool:
    """Whether this form has done it already. Raises Stale for one that has done something else."""
    line = audit.by_key(session, context.account.id, key)
    if line and line.subject != subject:
        raise Stale("This form was sent before, for somebody else.", "Nothing was changed now. Open it again.")
    return line is not None


def _require_as_shown(role: Role, form: Answers) -> None:
    if form.one("shown") != role:
        raise Stale("The role has changed since you opened the page.", "Nothing was changed now. Look at it again.")


def _tell(context: Context, session: Session, login: Login, template: str, **values: str) -> None:
    """By mail, in plain words; who did it is named where it was somebody else."""
    values |= {
        "name": login.name,
        "account": context.account.name,
        "when": moment(context.now, context.account.timezone),
    }
    if login.id != context.login.id:
        values["by"] = context.login.name
    context.means.post(session, login.email, template, values)
