"""How a sum comes about, in words."""


def worked_out(difference: int, unit: str, units: str, unit_price: str, days: int, of_days: int) -> str:
    """`1 more mailbox × 10.00 × 10 of 30 days`; in arrears (`days` 0) `1 more server × 0.05 an hour`.

    difference: new total less old total. unit_price: as the reader is to see it.
    """
    count = f"{abs(difference):,} {'more' if difference > 0 else 'fewer'} {unit if abs(difference) == 1 else units}"
    if not of_days:
        return f"{count} × {unit_price} an hour, charged by the hour"
    return f"{count} × {unit_price} × {days} of {of_days} days"
