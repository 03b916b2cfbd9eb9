"""Values as the API sends them: money in minor units, instants in UTC, days as days."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wizard.account.roles import Role
from wizard.money import Money
from wizard.providers.values import Account, Service
from wizard.records.deletions import UNDER_WAY, Deletion, DeletionItem, ItemState

Shape = dict[str, Any]


def account(one: Account, role: Role) -> Shape:
    return {
        "id": one.id,
        "name": one.name,
        "alias": one.alias,
        "currency": one.currency,
        "timezone": one.timezone,
        "closed_at": _instant(one.closed_at),
        "role": role,
    }


def service(one: Service) -> Shape:
    return {
        "id": one.id,
        "name": one.name,
        "kind": one.kind,
        "place": one.place,
        "contract_id": one.contract_id,
        "quantity": one.quantity,
        "charging": one.charging,
        "unit_price": _money(one.unit_price),
        "per_month": _money(one.per_month),
        "credit_today": _money(one.credit_today),
        "state": one.state,
        "stands_on": one.stands_on,
        "data": one.data or None,
        "kept_because": one.kept_because or None,
    }


def operation(deletion: Deletion, items: Sequence[DeletionItem]) -> Shape:
    """A deletion as a whole: it has failed as soon as it is over and one service is still there."""
    state = _state(deletion, items)
    is_over = state in (ItemState.DELETED, ItemState.FAILED)
    finished = [item.finished_at for item in items if item.finished_at]
    return {
        "reference": deletion.reference,
        "account_id": deletion.account_id,
        "state": state,
        "reason": deletion.paused or (_why_failed(items) if state == ItemState.FAILED else None),
        "requested_at": _instant(deletion.requested_at),
        "finished_at": _instant(max(finished)) if finished and is_over else None,
        "services": [_item(item) for item in items],
    }


PAUSED = "paused"
"""The state of a deletion that waits for a person's decision."""


def _state(deletion: Deletion, items: Sequence[DeletionItem]) -> str:
    states = {item.state for item in items}
    if deletion.paused:
        return PAUSED
    if states & set(UNDER_WAY):
        return ItemState.WAITING if states == {ItemState.WAITING} else ItemState.DELETING
    return ItemState.DELETED if states == {ItemState.DELETED} else ItemState.FAILED


def _why_failed(items: Sequence[DeletionItem]) -> str:
    return next((item.problem for item in items if item.problem), "It was stopped before all services were deleted.")


def _item(item: DeletionItem) -> Shape:
    return {
        "id": item.service_id,
        "name": item.name,
        "state": item.state,
        "reason": item.problem,
        "finished_at": _instant(item.finished_at),
    }


def _money(sum_: Money) -> Shape:
    return {"minor": sum_.minor, "currency": sum_.currency}


def _instant(value: datetime | None) -> str | None:
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else None
