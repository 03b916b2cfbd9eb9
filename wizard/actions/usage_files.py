"""The usage history as a file: CSV for spreadsheets, JSON for programs. Both are the same in every language.

CSV (RFC 4180, UTF-8): a head, then a row for each usage line, newest month first.

    month,service,place,quantity,unit,amount,currency
    2026-11,VA1FERNWEB01,VA1,494,hours,24.70,USD

Amounts are plain decimals with the digits of their currency, negative for credit. The file begins with
a byte order mark: without one, Excel takes it for text of another encoding and spoils every name beyond
ASCII. (Python reads it as `utf-8-sig`; other spreadsheets and databases pass over it.) What a service is
called is the customer's own text: what a spreadsheet would take for a formula is given an apostrophe.

JSON: the months as the API has them (`docs/api.md`), and what the file is about.

    {"account": {"id": "ac_1", "name": "Larkspur Books", "currency": "USD", "timezone": "America/Chicago"},
     "made_at": "2026-11-21T17:03:00Z", "since": "2026-08", "until": "2026-11",
     "months": [{"month": "2026-11", "total": {"minor": 9800, "currency": "USD"},
                 "lines": [{"service_id": "sv_1", "service": "Mailboxes", "place": "larkspur.example",
                            "quantity": 3, "unit": "units", "amount": {"minor": 3000, "currency": "USD"}}]}]}
"""

import csv
import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date
from decimal import Decimal
from io import StringIO
from itertools import groupby
from typing import Any
from unicodedata import normalize

from wizard.actions.action import File
from wizard.actions.context import Context
from wizard.money import Money, digits, total
from wizard.providers.values import UsageLine

HEAD = ("month", "service", "place", "quantity", "unit", "amount", "currency")
_SIGNS = r"=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(rf'(^|[;\t\r\n][" ]*)(?=[{_SIGNS}])')
"""Where a formula could begin, by OWASP's list of signs, also in their wide forms: at the start, and where
a spreadsheet that parts cells by another mark than ours would begin one."""
_LONGEST = 60
"""Characters of the account's name in the name of a file."""


def csv_file(context: Context, lines: Sequence[UsageLine], since: date, until: date) -> File:
    table = StringIO()
    rows = csv.writer(table)
    rows.writerow(HEAD)
    places = digits(context.account.currency)
    for line in lines:
        amount = Decimal(line.amount.minor).scaleb(-places)
        names = (_cell(text) for text in (line.service, line.place))
        rows.writerow(
            (f"{line.month:%Y-%m}", *names, line.quantity, _cell(line.unit), f"{amount:f}", line.amount.currency)
        )
    name = _name(context, since, until, "csv")
    return File(name, "text/csv; charset=utf-8; header=present", table.getvalue().encode("utf-8-sig"))


def json_file(context: Context, lines: Sequence[UsageLine], since: date, until: date) -> File:
    account = context.account
    content = {
        "account": {
            "id": account.id,
            "name": account.name,
            "currency": account.currency,
            "timezone": account.timezone,
        },
        "made_at": f"{context.now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "since": f"{since:%Y-%m}",
        "until": f"{until:%Y-%m}",
        "months": json_months(lines, account.currency),
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return File(_name(context, since, until, "json"), "application/json", text.encode())


def json_months(lines: Iterable[UsageLine], currency: str) -> list[dict[str, Any]]:
    """lines: of one month beside each other."""
    return [_json_month(list(of_month), currency) for _, of_month in groupby(lines, lambda line: line.month)]


def _json_month(lines: list[UsageLine], currency: str) -> dict[str, Any]:
    return {
        "month": f"{lines[0].month:%Y-%m}",
        "total": _json_sum(total((line.amount for line in lines), currency)),
        "lines": [
            {
                "service_id": line.service_id,
                "service": line.service,
                "place": line.place,
                "quantity": line.quantity,
                "unit": line.unit,
                "amount": _json_sum(line.amount),
            }
            for line in lines
        ],
    }


def _json_sum(sum_: Money) -> dict[str, Any]:
    return {"minor": sum_.minor, "currency": sum_.currency}


def _cell(text: str) -> str:
    return _FORMULA.sub(r"\1'", text)


def _name(context: Context, since: date, until: date, ending: str) -> str:
    """`usage-larkspur-books-2026-08-to-2026-11.csv`; a name without ASCII letters gives way to the short one."""
    names = (_ascii(context.account.name), _ascii(context.account.alias))
    months = f"{since:%Y-%m}" if since == until else f"{since:%Y-%m}-to-{until:%Y-%m}"
    return "-".join(filter(None, ("usage", next(filter(None, names), ""), months))) + f".{ending}"


def _ascii(text: str) -> str:
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST].strip("-")
