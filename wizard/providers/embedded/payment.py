"""Payment methods of the embedded provider, and the test processor on whose page they are added.

The test processor has no field for a card's number: one chooses among cards that it knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.account.periods import local_day, month
from wizard.content.addresses import is_own_place
from wizard.errors import NotFound, ProviderRefused
from wizard.providers.billing import PaymentMethod
from wizard.providers.embedded import effects
from wizard.providers.embedded.tables import AccountRow, EffectRow, PaymentMethodRow, PaymentSetupRow, new_id

PROCESSOR = "/test-processor/"
"""Under this address the wizard shows the test processor's page of a setup."""
SETUP_LASTS = timedelta(minutes=30)
_DEFAULT = "set default method"


@dataclass(frozen=True, slots=True)
class Card:
    brand: str
    last_four: str
    about: str
    months: int
    """It expires at the end of the month that is so many months after the present one."""
    declines: bool = False

    def expires(self, today: date) -> date:
        number = today.year * 12 + today.month - 1 + self.months
        return month(date(number // 12, number % 12 + 1, 1)).last_day


CARDS = {
    "works": Card("Visa", "4242", "Payments succeed.", 36),
    "works-too": Card("Mastercard", "4444", "Payments succeed.", 24),
    "declines": Card("Visa", "0002", "Each payment is declined.", 36, declines=True),
    "expires-soon": Card("Visa", "1111", "Payments succeed, to the end of this month.", 0),
    "expired": Card("Mastercard", "5100", "It cannot be charged, as if time had passed since it was added.", -1),
}


class SetupState(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"


def methods(session: Session, account_id: str) -> Sequence[PaymentMethod]:
    rows = session.scalars(
        select(PaymentMethodRow)
        .where(PaymentMethodRow.account_id == account_id)
        .order_by(PaymentMethodRow.is_default.desc(), PaymentMethodRow.id)
    )
    return [PaymentMethod(row.id, row.brand, row.last_four, row.expires, row.is_default) for row in rows]


def begin(session: Session, account: AccountRow, return_to: str, key: str, now: datetime) -> str:
    """The address of the processor's page. account: locked. Raises ProviderRefused for a way back that leads elsewhere."""
    if not is_own_place(return_to):
        raise ProviderRefused("The way back does not lead to this wizard.")
    own_key = f"{account.id} {key}"  # two accounts may have thought of the same key
    row = session.scalars(select(PaymentSetupRow).where(PaymentSetupRow.idempotency_key == own_key)).one_or_none()
    if row is None:
        row = PaymentSetupRow(
            id=new_id("ps"),
            account_id=account.id,
            idempotency_key=own_key,
            return_to=return_to,
            expires_at=now + SETUP_LASTS,
        )
        session.add(row)
    return f"{PROCESSOR}{row.id}/"


def state(setup: PaymentSetupRow, now: datetime) -> SetupState:
    if setup.used_at:
        return SetupState.USED
    return SetupState.OPEN if now < setup.expires_at else SetupState.EXPIRED


def add_card(session: Session, setup: PaymentSetupRow, card: Card, now: datetime) -> PaymentMethodRow:
    """Add the card, to be charged from now on. setup: an open one of a locked account; it is used by this."""
    account = session.get_one(AccountRow, setup.account_id)
    row = PaymentMethodRow(
        id=new_id("pm"),
        account_id=account.id,
        brand=card.brand,
        last_four=card.last_four,
        expires=card.expires(local_day(now, account.timezone)),
        is_default=False,
        declines=card.declines,
    )
    session.add(row)
    setup.used_at = now
    _charge_from_now_on(session, row)
    effects.done(session, setup.id, account.id, "add payment method", row, now, now)
    return row


def make_default(session: Session, account: AccountRow, method_id: str, key: str, now: datetime) -> EffectRow:
    """account: locked. Raises NotFound; ProviderRefused for a method that has expired, and for a key of something else."""
    row = session.get(PaymentMethodRow, method_id)
    if row is None or row.account_id != account.id:
        raise NotFound("Unknown payment method.")
    if effect := effects.answered(session, key, account.id, _DEFAULT, method_id):
        return effect
    if row.expires < local_day(now, account.timezone):
        raise ProviderRefused(f"{row.name} has expired.")
    _charge_from_now_on(session, row)
    return effects.done(session, key, account.id, _DEFAULT, row, now, now)


def _charge_from_now_on(session: Session, row: PaymentMethodRow) -> None:
    """This one is the account's default, and no other."""
    session.flush()
    found = select(PaymentMethodRow).where(PaymentMethodRow.account_id == row.account_id)
    for one in session.scalars(found):
        one.is_default = one.id == row.id
