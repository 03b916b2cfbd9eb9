"""The addresses of the API. Each asks for a token of the account that it names."""

from importlib.resources import files

from flask import Blueprint, Response, jsonify, url_for
from flask.typing import ResponseReturnValue

from wizard.account.periods import months_back
from wizard.account.reference import read_reference
from wizard.account.roles import Role
from wizard.actions import delete_services, index
from wizard.actions.context import Context
from wizard.actions.find_services import matching
from wizard.actions.usage_files import json_months
from wizard.actions.usage_history import MONTHS
from wizard.errors import ActionNotSupported, Invalid, NotFound, Stale
from wizard.providers.values import Service, every
from wizard.records import deletions
from wizard.records.deletions import Deletion
from wizard.web import access
from wizard.web.api import bearer, parameters, shapes
from wizard.web.api.problems import CANNOT_BE_DELETED, KEY_USED_BEFORE, NOT_ALLOWED, NOTHING_HERE, Problem
from wizard.web.means import house, login, who

blueprint = Blueprint("api", __name__, url_prefix="/api")

_DESCRIPTION = files(__package__).joinpath("openapi.json").read_bytes()
_ACCOUNT = "/v1/accounts/<account_id>"


@blueprint.get("/v1/openapi.json")
@access.public
def description() -> ResponseReturnValue:
    return Response(_DESCRIPTION, mimetype="application/json")


@blueprint.get("/", defaults={"path": ""})
@blueprint.get("/<path:path>")
@access.public
def nothing(path: str) -> ResponseReturnValue:
    raise NOTHING_HERE


@blueprint.get(f"{_ACCOUNT}/", strict_slashes=False)
@access.token(Role.VIEWER)
def account(account_id: str) -> ResponseReturnValue:
    parameters.query()
    return jsonify(shapes.account(house().means.provider.account(account_id), bearer.role()))


@blueprint.get(f"{_ACCOUNT}/usage")
@access.token(Role.VIEWER)
def usage(account_id: str) -> ResponseReturnValue:
    asked = parameters.query(since=parameters.month)
    context = _context(account_id, "usage-history")
    since = asked.get("since") or months_back(context.today, MONTHS)[-1].start
    provider = house().means.provider
    try:
        lines = every(lambda after: provider.usage(account_id, since, after))
    except ActionNotSupported as error:
        raise Problem(NOT_ALLOWED, "The account system keeps no usage history.") from error
    return jsonify({"months": json_months(lines, context.account.currency)})


@blueprint.get(f"{_ACCOUNT}/services")
@access.token(Role.VIEWER)
def services(account_id: str) -> ResponseReturnValue:
    """By id, so that pages stay right while services come and go."""
    asked = parameters.query(search=parameters.text, after=parameters.text, limit=parameters.limit)
    limit = asked.get("limit", parameters.USUAL_SERVICES)
    matches = matching(_context(account_id, "my-services").services, asked.get("search", ""))
    found = sorted(matches, key=lambda one: one.id)
    rest = [one for one in found if one.id > asked.get("after", "")]
    page = rest[:limit]
    more = page[-1].id if len(rest) > limit else None
    return jsonify({"services": [shapes.service(one) for one in page], "total": len(found), "next": more})


@blueprint.get(f"{_ACCOUNT}/services/<service_id>")
@access.token(Role.VIEWER)
def service(account_id: str, service_id: str) -> ResponseReturnValue:
    parameters.query()
    return jsonify(shapes.service(_service(_context(account_id, "my-services"), service_id)))


@blueprint.delete(f"{_ACCOUNT}/services/<service_id>")
@access.token(Role.ACCOUNT_ADMINISTRATOR)
def delete(account_id: str, service_id: str) -> ResponseReturnValue:
    parameters.query()
    key = f"{login().id} {parameters.idempotency_key()}"  # two people may have thought of the same key
    deletion = _begun(account_id, service_id, key)
    if deletion is None:
        deletion = _begin(_context(account_id, "delete-services"), service_id, key)
    place = url_for("api.operation", account_id=account_id, reference=deletion.reference)
    return _told(deletion), 202, {"Location": place}


@blueprint.get(f"{_ACCOUNT}/operations/<reference>")
@access.token(Role.VIEWER)
def operation(account_id: str, reference: str) -> ResponseReturnValue:
    parameters.query()
    with house().means.db.read() as session:
        found = deletions.by_reference(session, account_id, read_reference(reference) or "")
    if found is None:
        raise NotFound(
            "There is no such operation on this account.", "Its reference stands in the answer that began it."
        )
    return _told(found)


def _told(deletion: Deletion) -> Response:
    with house().means.db.read() as session:
        return jsonify(shapes.operation(deletion, deletions.items(session, deletion.id)))


def _begun(account_id: str, service_id: str, key: str) -> Deletion | None:
    """What this key began before. Raises Problem where that was something else."""
    with house().means.db.read() as session:
        deletion = deletions.by_key(session, account_id, key)
        chosen = [item.service_id for item in deletions.items(session, deletion.id)] if deletion else [service_id]
    if chosen != [service_id]:
        raise Problem(KEY_USED_BEFORE, "It began the deletion of another service. Nothing was changed; take a new key.")
    return deletion


def _begin(context: Context, service_id: str, key: str) -> Deletion:
    _service(context, service_id)
    try:
        return delete_services.begin(context, [service_id], key)
    except Invalid as problem:
        raise Problem(CANNOT_BE_DELETED, f"{problem.advice} Nothing was changed.") from problem
    except Stale as problem:
        _begun(context.account.id, service_id, key)  # the key was used meanwhile
        raise Problem(CANNOT_BE_DELETED, f"{problem.title} Nothing was changed.") from problem


def _context(account_id: str, action: str) -> Context:
    """Raises Problem where the operator has turned off the action that does the same on a page."""
    if not index.name_is_on(house().config, action):
        raise Problem(NOT_ALLOWED, f"{index.INDEX[action].title} is turned off here.")
    return Context(house().means, login(), bearer.role(), house().means.provider.account(account_id), who())


def _service(context: Context, service_id: str) -> Service:
    try:
        return context.means.provider.service(context.account.id, service_id)
    except NotFound:
        raise NotFound(
            "There is no such service on this account.", "It may have been deleted; list what is there."
        ) from None
