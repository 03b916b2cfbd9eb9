"""Who has lost the sign-in names of an account proves to hold it, and gets them at the address on file."""

import re
from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from wizard.errors import ActionNotSupported, Refused
from wizard.providers.values import Account
from wizard.records import audit, logins, password_links
from wizard.web import access, typed
from wizard.web.limits import asker, count_attempt, even_pace
from wizard.web.means import house, who

blueprint = Blueprint("credentials", __name__, url_prefix="/sign-in/credentials")

_LONGEST = 253
"""Characters of a field; so many a domain has at most."""
_CARD = re.compile(r"(?:\d[\W_]*){13}")
"""13 digits or more, whatever stands between them: here that is a whole card number, right or not."""
_EMPTY = {
    "holder": "Enter the name of the account holder.",
    "domain": "Enter a domain name of the account, such as example.com.",
    "last_four": "Enter the last four digits of the billing card.",
}
_WHOLE_CARD = (
    "This looks like a whole card number. Never send one: its last four digits are enough. This one was not kept."
)


@blueprint.get("/")
@access.public
def form() -> ResponseReturnValue:
    return _page(dict.fromkeys(_EMPTY, ""), {}, is_sent="sent" in request.args)


@blueprint.post("/")
@access.public
@access.shows_again
def ask() -> ResponseReturnValue:
    given = {name: request.form.get(name, "").strip() for name in _EMPTY}
    cards = _with_cards(given)
    errors = {
        name: fault
        for name, text in given.items()
        if (fault := _WHOLE_CARD if name in cards else _wrong_with(name, text))
    }
    if errors or access.is_shown_again():
        shown = {name: "" if name in cards else text for name, text in given.items()}
        return _page(shown, errors), 422
    means = house().means
    with even_pace():
        domain = "".join(given["domain"].split()).casefold()  # as providers compare it
        with means.db.write() as records:
            subjects = {"credentials": domain, "credentials-from": asker()}
            count_attempt(records, subjects, "Too many requests for credentials.")
        try:
            found = [means.provider.account(one) for one in means.provider.matching_accounts(**given)]
        except ActionNotSupported as error:
            raise Refused(
                "Credentials cannot be asked for here.",
                "Nothing was sent. Write to the support team; they check who you are.",
            ) from error
        with means.db.write() as records:
            for account in found:
                _answer(records, account)
            if not found:
                audit.note(records, who(), "asks for credentials, in vain", means.clock())
    return redirect(url_for("credentials.form", sent=1), 303)


def _answer(records: Session, account: Account) -> None:
    """A mail to the address on file, and to no other."""
    means = house().means
    now = means.clock()
    audit.note(records, who(), "asks for credentials", now, account.id)
    if not account.email:
        return
    names = [login.email for login in logins.administrators(records, account.id)]
    values = {"account": account.name, "logins": "\n".join(names)}
    if own := logins.find_login(records, account.email):
        values["password_link"] = password_links.add_link(records, own, now).id
    means.post(records, account.email, "credentials", values)


def _with_cards(given: Mapping[str, str]) -> set[str]:
    """Fields with a whole card number in them, or with one that ends in the field of the last four digits."""
    whole = {name for name, text in given.items() if name in typed.wrong() or _CARD.search(text)}
    return whole or {name for name in ("holder", "domain") if _CARD.search(f"{given[name]} {given['last_four']}")}


def _wrong_with(name: str, text: str) -> str:
    if not text:
        return _EMPTY[name]
    if len(text) > _LONGEST:
        return f"This is too long: at most {_LONGEST} characters."
    if name == "last_four" and not re.fullmatch("[0-9]{4}", "".join(text.split())):
        return "Give the four digits at the end of the card's number, and nothing else."
    return ""


def _page(given: dict[str, str], errors: dict[str, str], is_sent: bool = False) -> str:
    return render_template("web/credentials.html", given=given, errors=errors, is_sent=is_sent)
