"""Errors of the API as problem details (RFC 9457): JSON, never a page.

The type of a problem is the address of its description in the OpenAPI document.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from flask import current_app, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from wizard.errors import NotFound, Refused

ROOT = "/api/"
AWAY_SECONDS = 60
"""How long a caller should wait for an account system that does not answer."""
_DESCRIBED = "/api/v1/openapi.json#/components/responses/"


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    """As the OpenAPI document has it under `components/responses`."""
    status: int
    title: str


BAD_REQUEST = Kind("BadRequest", 400, "The request is wrong")
TOKEN_NEEDED = Kind("TokenNeeded", 401, "A good API token is needed")
NOT_ALLOWED = Kind("NotAllowed", 403, "Not allowed")
NOT_FOUND = Kind("NotFound", 404, "Not found")
WRONG_METHOD = Kind("WrongMethod", 405, "This address does not take that method")
CANNOT_BE_DELETED = Kind("CannotBeDeleted", 409, "The service cannot be deleted now")
KEY_USED_BEFORE = Kind("KeyUsedBefore", 422, "The idempotency key was used for something else")
TOO_MANY = Kind("TooMany", 429, "Too many requests")
FAULT = Kind("Fault", 500, "Something went wrong on our side")
AWAY = Kind("Away", 503, "The account system does not answer")

KINDS = (
    BAD_REQUEST,
    TOKEN_NEEDED,
    NOT_ALLOWED,
    NOT_FOUND,
    WRONG_METHOD,
    CANNOT_BE_DELETED,
    KEY_USED_BEFORE,
    TOO_MANY,
    FAULT,
    AWAY,
)
_BY_STATUS = {kind.status: kind for kind in KINDS}


NOTHING_HERE = NotFound("There is no such address of the API.", "/api/v1/openapi.json names those that there are.")


class Problem(Refused):
    """A refusal of the API with what only it says."""

    def __init__(
        self, kind: Kind, detail: str, errors: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        """errors: name of a parameter or header -> what is wrong with it."""
        super().__init__(kind.title, detail)
        self.status = kind.status
        self.errors = errors or {}
        self.headers = headers or {}


def token_needed(detail: str, error: str = "") -> Problem:
    """error: as RFC 6750 has it, where a token was sent."""
    challenge = 'Bearer realm="KB Wizard"' + (f', error="{error}"' if error else "")
    return Problem(TOKEN_NEEDED, detail, headers={"WWW-Authenticate": challenge})


def too_many(seconds: int) -> Problem:
    return Problem(TOO_MANY, "Too many wrong tokens came from your address.", headers={"Retry-After": str(seconds)})


def is_api() -> bool:
    """The request is for the API, whether there is such an address or not."""
    return request.path.startswith(ROOT)


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """What Flask itself has refused."""
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        wrong_method = Problem(WRONG_METHOD, f"It takes {allowed}.", headers={"Allow": allowed})
        return answer(NOTHING_HERE if _is_nowhere() else wrong_method)
    return answer(Refused(error.name, error.description or ""), error.code or 500)


def _is_nowhere() -> bool:
    """There is nothing to look at either, so it is not the method that is wrong."""
    return current_app.create_url_adapter(request).match(method="GET")[0] == "api.nothing"


def answer(problem: Refused, status: int = 0) -> ResponseReturnValue:
    """A refusal in whatever words, as a problem. status: where it is not the refusal's own."""
    status = status or problem.status
    kind = _BY_STATUS.get(status)
    own = problem if isinstance(problem, Problem) else None
    body: dict[str, object] = {
        "type": f"{_DESCRIBED}{kind.name}" if kind else "about:blank",
        "title": kind.title if kind else HTTPStatus(status).phrase,
        "status": status,
        "detail": own.advice if own else f"{problem.title.rstrip('.')}. {problem.advice}",
    }
    if status == FAULT.status:
        body["detail"] = "Try again in a minute, with the same idempotency key; nothing is done twice."
    if own and own.errors:
        body["errors"] = [{"parameter": name, "detail": detail} for name, detail in own.errors.items()]
    response = jsonify(body)
    response.status_code, response.mimetype = status, "application/problem+json"
    if own:
        response.headers.update(own.headers)
    if status == AWAY.status:
        response.headers["Retry-After"] = str(AWAY_SECONDS)
    return response
