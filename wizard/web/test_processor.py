"""The test processor's page: where a customer of the embedded provider adds a payment method.

It stands in for a real processor's page, so it is there with the embedded provider only. No card is
real, nothing is charged, and there is no field for a number.
"""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from wizard.account.periods import local_day
from wizard.account.roles import Role
from wizard.errors import NotAllowed, NotFound
from wizard.providers.embedded import payment
from wizard.providers.embedded.payment import CARDS, SetupState
from wizard.providers.embedded.tables import AccountRow, PaymentSetupRow
from wizard.records import audit, logins
from wizard.theme.formats import day
from wizard.web import access, typed
from wizard.web.means import house, login, who

blueprint = Blueprint("test_processor", __name__, url_prefix=payment.PROCESSOR.rstrip("/"))


@blueprint.get("/<setup_id>/")
@access.signed_in
def page(setup_id: str) -> ResponseReturnValue:
    setup, account = _open(setup_id)
    state = _state(setup)
    return _page(setup, account, {}) if state is SetupState.OPEN else _gone(setup, state)


@blueprint.post("/<setup_id>/")
@access.signed_in
@access.shows_again
def add(setup_id: str) -> ResponseReturnValue:
    """Once a setup: a second click leads back as the first one does."""
    setup, account = _open(setup_id)
    card, state = CARDS.get(request.form.get("card", "")), _state(setup)
    if state is SetupState.EXPIRED:
        return _gone(setup, state)
    if state is SetupState.USED:
        return redirect(setup.return_to, 303)
    if access.is_shown_again():
        return _page(setup, account, typed.wrong())
    if card is None:
        return _page(setup, account, {"card": "Choose a test card."}), 422
    means = house().means
    with means.db.write() as session:
        session.get_one(AccountRow, account.id, with_for_update=True)
        setup = session.get_one(PaymentSetupRow, setup_id)
        if _state(setup) is SetupState.OPEN:
            method = payment.add_card(session, setup, card, means.clock())
            audit.note(session, who(), "adds a test card", means.clock(), account.id, method.id, setup_id)
    return redirect(setup.return_to, 303)


def _open(setup_id: str) -> tuple[PaymentSetupRow, AccountRow]:
    """The setup and its account, for whom the account lets change payment."""
    with house().means.db.read() as session:
        setup = session.get(PaymentSetupRow, setup_id)
        role = logins.role_on(session, login().id, setup.account_id) if setup else None
        if setup is None or role is None:
            raise NotFound("There is no such payment page.", "Open it anew: Update payment method, on your account.")
        if not role.includes(Role.BILLING_MANAGER):
            raise NotAllowed(
                f"Your role on this account is {role.title.lower()}.",
                f"To add a payment method needs the role {Role.BILLING_MANAGER.title.lower()}. Nothing was added.",
            )
        return setup, session.get_one(AccountRow, setup.account_id)


def _state(setup: PaymentSetupRow) -> SetupState:
    return payment.state(setup, house().means.clock())


def _page(setup: PaymentSetupRow, account: AccountRow, errors: dict[str, str]) -> str:
    today = local_day(house().means.clock(), account.timezone)
    options = []
    for name, card in CARDS.items():
        expires = card.expires(today)
        until = f"{'Expired on' if expires < today else 'Valid until'} {day(expires)}"
        options.append((name, f"{card.brand} ending in {card.last_four}", f"{card.about} {until}", ""))
    return render_template(
        "web/test_processor.html",
        account=account,
        options=options,
        chosen=request.form.get("card", ""),
        back=setup.return_to,
        warning=access.why_again(),
        errors=errors,
    )


def _gone(setup: PaymentSetupRow, state: SetupState) -> ResponseReturnValue:
    return render_template("web/test_processor_gone.html", is_used=state is SetupState.USED, back=setup.return_to), 410
