"""The page that an invitation's mail leads to: join as a member, or confirm the address of a billing contact."""

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from wizard.account.people import plain_email, wrong_with_name
from wizard.account.roles import Role
from wizard.actions.inviting import MAY
from wizard.errors import ActionNotSupported, NotAllowed, ProviderRefused, Refused, Stale
from wizard.records import audit, invitations, logins, members
from wizard.records.invitations import Invitation
from wizard.records.logins import Login, find_login, hash_password, wrong_with
from wizard.web import access, typed
from wizard.web.limits import asker, count_attempt
from wizard.web.means import house, who
from wizard.web.security import hides_its_address
from wizard.web.sessions import enter

blueprint = Blueprint("invitations", __name__, url_prefix="/invitations")


@blueprint.get("/confirmed/")
@access.public
def confirmed() -> ResponseReturnValue:
    """The same to everybody: it says what has been done, and of nobody."""
    return render_template("web/contact_confirmed.html")


@blueprint.get("/<token>/")
@access.public
@hides_its_address
def link(token: str) -> ResponseReturnValue:
    """Changes nothing: mail programs look at links before their readers do."""
    invitation = _open(token)
    return _page(invitation, {}) if invitation else _gone(token)


@blueprint.post("/<token>/")
@access.public
@access.shows_again
@hides_its_address
def accept(token: str) -> ResponseReturnValue:
    invitation = _open(token)
    if invitation is None:
        return _gone(token)
    if access.is_shown_again():
        return _page(invitation, typed.wrong(), request.form.get("name", ""))
    if invitation.is_for_contact:
        return _confirm(invitation, token)
    known = _known(invitation)
    if known is None and g.login is None:
        return _make_login(invitation, token)
    if g.login is None or g.login.email != invitation.email:
        raise NotAllowed("This invitation is for another login.", "Nothing was changed. Open its page anew.")
    return _join(invitation, token)


def _join(invitation: Invitation, token: str) -> ResponseReturnValue:
    """The login that is signed in becomes a member; one that is a member already stays as it is."""
    means = house().means
    with means.db.write() as records:
        used = _used(records, token)
        if used:
            if logins.role_on(records, g.login.id, used.account_id):
                raise Stale(f"You are a member of {used.account_name} already.", "The invitation changes nothing.")
            _add_member(records, used, g.login)
    return redirect(url_for("accounts.account", account_id=invitation.account_id), 303) if used else _gone(token)


def _make_login(invitation: Invitation, token: str) -> ResponseReturnValue:
    """The link shows that whoever has it reads the mail of the address; so it makes the login of that address."""
    name, password = " ".join(request.form.get("name", "").split()), request.form.get("new_password", "")
    errors = {}
    if fault := wrong_with_name(name) or ("" if name else "Enter your name."):
        errors["name"] = fault
    if fault := wrong_with(password, invitation.email):
        errors["new_password"] = fault
    if errors:
        return _page(invitation, errors, name), 422
    means = house().means
    with means.db.write() as records:
        count_attempt(records, {"join-from": asker()}, "Too many attempts to join.")
    password_hash = hash_password(password)
    with means.db.write() as records:
        means.db.lock(records, f"login {invitation.email}")  # another account may invite the same person
        used = _used(records, token)
        if used:
            if find_login(records, used.email):
                raise Stale("There is a login with this address by now.", "Open the page anew and sign in with it.")
            login = logins.add_login_with_hash(records, used.email, name, password_hash, means.clock())
            enter(records, login)
            _add_member(records, used, login)
    return redirect(url_for("accounts.account", account_id=invitation.account_id), 303) if used else _gone(token)


def _add_member(records: Session, invitation: Invitation, login: Login) -> None:
    logins.add_member(records, login, invitation.account_id, Role(invitation.role))
    audit.note(
        records,
        who(),
        f"joins as {Role(invitation.role).title.lower()}",
        house().means.clock(),
        invitation.account_id,
        invitation.id,
    )


def _confirm(invitation: Invitation, token: str) -> ResponseReturnValue:
    """The provider is told only now. Its key is the invitation, so a repeat does nothing twice."""
    provider, account_id, email = house().means.provider, invitation.account_id, invitation.email
    try:
        provider.add_contact(account_id, invitation.name or email, email, invitation.id)
    except ProviderRefused as refusal:
        raise Stale("This address could not be added.", f"{refusal} {_ask(invitation)}") from refusal
    except ActionNotSupported as error:
        raise Refused("Billing contacts cannot be added here.", f"Nothing was changed. {_ask(invitation)}") from error
    if not any(plain_email(one.email) == email for one in provider.contacts(account_id)):
        raise Stale("The account system has not added the address yet.", "Open the link again in a minute.")
    with house().means.db.write() as records:
        if used := _used(records, token):
            audit.note(records, who(), "confirms a billing contact", house().means.clock(), used.account_id, used.id)
    return redirect(url_for("invitations.confirmed"), 303)


def _ask(invitation: Invitation) -> str:
    return f"Ask {invitation.inviter.name}, who invited you."


def _page(invitation: Invitation, errors: dict[str, str], name: str | None = None) -> str:
    known = _known(invitation)
    with house().means.db.read() as records:
        role = known and logins.role_on(records, known.id, invitation.account_id)
    return render_template(
        "web/invitation.html",
        invitation=invitation,
        role=invitations.in_words(invitation.role),
        meaning=MAY[invitation.role],
        is_known=known is not None,
        is_member_as=role.title.lower() if role else "",
        fits=g.login is not None and g.login.email == invitation.email,
        name=invitation.name if name is None else name,
        errors=errors,
    )


def _gone(token: str) -> ResponseReturnValue:
    """Why, for who has the whole link."""
    with house().means.db.read() as records:
        found = invitations.find(records, token, _key())
    return render_template("web/invitation_gone.html", invitation=found), 410


def _open(token: str) -> Invitation | None:
    with house().means.db.read() as records:
        found = invitations.find(records, token, _key())
    return found if found and found.is_good(house().means.clock()) else None


def _used(records: Session, token: str) -> Invitation | None:
    """The invitation is used up: of several who use it at once, one gets it. None: it is not good any more."""
    means = house().means
    found = invitations.find(records, token, _key())
    if found is None:
        return None
    members.lock(means.db, records, found.account_id)
    found = invitations.find(records, token, _key(), locked=True)
    if found is None or not found.is_good(means.clock()):
        return None
    found.used_at = means.clock()
    return found


def _known(invitation: Invitation) -> Login | None:
    with house().means.db.read() as records:
        return find_login(records, invitation.email)


def _key() -> str:
    return str(current_app.secret_key)
