"""The price list of the demo: what can be had in number, and what one of it costs."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from wizard.account.metering import Charging
from wizard.providers.embedded.tables import PriceRow

_ADV, _ARR = Charging.IN_ADVANCE, Charging.IN_ARREARS

_PACKAGE = "hosting package"
_LINES: Sequence[tuple[str, str, str, str, bool, Charging, int, int, str]] = (
    (_PACKAGE, "Business Hosting", "hosting package", "hosting packages", False, _ADV, 1500, 1, ""),
    ("mailboxes", "Mailboxes", "mailbox", "mailboxes", False, _ADV, 1000, 50, _PACKAGE),
    ("SharePoint space", "SharePoint", "SharePoint space", "SharePoint spaces", False, _ADV, 800, 5, _PACKAGE),
    ("load balancers", "Load balancers", "load balancer", "load balancers", True, _ARR, 3, 10, ""),
)
"""kind, name, one, several, for the account as a whole, charging, unit price (minor), the most, needs"""


def add_price_list(session: Session) -> None:
    """Does nothing where there is one."""
    if session.scalar(select(func.count()).select_from(PriceRow)):
        return
    for currency in ("USD", "EUR"):
        for position, (kind, name, unit, units, is_for_account, charging, price, most, needs) in enumerate(_LINES):
            session.add(
                PriceRow(
                    kind=kind,
                    currency=currency,
                    position=position,
                    name=name,
                    unit=unit,
                    units=units,
                    is_for_account=is_for_account,
                    charging=charging,
                    unit_price=price,
                    most=most,
                    needs=needs,
                )
            )
