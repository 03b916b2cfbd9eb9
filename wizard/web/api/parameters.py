"""Reading what a request asks for. All that is wrong is told at once, by name."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from flask import request

from wizard.theme.formats import listed
from wizard.web.api.problems import BAD_REQUEST, Problem

MOST_SERVICES, USUAL_SERVICES = 200, 50
KEY_HEADER = "Idempotency-Key"
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_KEY = re.compile(r"[!-~]{1,128}")


def query(**readers: Callable[[str], Any]) -> dict[str, Any]:
    """The parameters of the address. readers: name -> what reads its value, raising ValueError.

    Raises Problem for values that cannot be read, names that are not known and names that come twice.
    """
    values, errors = {}, {}
    for name, found in request.args.lists():
        if name not in readers:
            known = f"The parameters are {listed(list(readers))}." if readers else "There are none here."
            errors[name] = f"There is no parameter of this name. {known}"
        elif len(found) > 1:
            errors[name] = "Send it once."
        else:
            try:
                values[name] = readers[name](found[0])
            except ValueError as error:
                errors[name] = str(error)
    if errors:
        raise _wrong(errors)
    return values


def text(value: str) -> str:
    if len(value) > 200:
        raise ValueError("It has at most 200 characters.")
    return value


def month(value: str) -> date:
    found = _MONTH.fullmatch(value)
    if found is None:
        raise ValueError("Write a month of this century as 2026-08.")
    return date(int(found[1]), int(found[2]), 1)


def limit(value: str) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,2}", value, re.ASCII) or int(value) > MOST_SERVICES:
        raise ValueError(f"Write a whole number from 1 to {MOST_SERVICES}.")
    return int(value)


def idempotency_key() -> str:
    """The key in the header, written as a string in quotation marks or without them. Raises Problem."""
    sent = request.headers.get(KEY_HEADER, "")
    if not sent:
        raise _wrong(
            {KEY_HEADER: "Send this header with a key of your own, such as a UUID, so that a repeat is known."}
        )
    if not _KEY.fullmatch(sent):
        raise _wrong({KEY_HEADER: "A key has 1 to 128 visible ASCII characters."})
    return sent[1:-1] if re.fullmatch(r'"[^"]+"', sent) else sent


def _wrong(errors: dict[str, str]) -> Problem:
    return Problem(BAD_REQUEST, f"Look at {listed(list(errors))}. Nothing was changed.", errors)
