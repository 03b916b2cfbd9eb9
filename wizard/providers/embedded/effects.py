"""The provider's log: what was done, once for each idempotency key, however often it was asked for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wizard.errors import NotFound, ProviderRefused
from wizard.providers.embedded.tables import ContactRow, ContractRow, EffectRow, ItemRow, PaymentMethodRow, ServiceRow
from wizard.providers.values import Operation, OperationState

DELETE, CLOSE = "delete service", "close contract"


def log(session: Session) -> Sequence[EffectRow]:
    """What was done, oldest first."""
    return session.scalars(select(EffectRow).order_by(EffectRow.id)).all()


def answered(session: Session, key: str, account_id: str, effect: str, asked_for: str) -> EffectRow | None:
    """What was done under this key before; it counts the call.

    Raises ProviderRefused where that was something else: it must not pass for this. asked_for: an id.
    """
    found = session.scalars(select(EffectRow).where(EffectRow.idempotency_key == key)).one_or_none()
    if found is None:
        return None
    found.calls += 1
    if (found.account_id, found.effect, found.subject_id) != (account_id, effect, asked_for):
        raise ProviderRefused("This was asked for under a key that belongs to something else. Nothing was done.")
    return found


def deletion_of(session: Session, service_id: str) -> EffectRow | None:
    """The deletion of this service, under whichever key; it counts the call."""
    effect = session.scalars(
        select(EffectRow).where(EffectRow.subject_id == service_id, EffectRow.effect == DELETE)
    ).first()
    if effect:
        effect.calls += 1
    return effect


def done(
    session: Session,
    key: str,
    account_id: str,
    effect: str,
    subject: ServiceRow | ContractRow | PaymentMethodRow | ContactRow | ItemRow,
    at: datetime,
    finished_at: datetime,
    result: str = "",
    asked_for: str = "",
) -> EffectRow:
    """asked_for: id of what the call named, where that is not the subject."""
    row = EffectRow(
        idempotency_key=key,
        account_id=account_id,
        effect=effect,
        subject_id=asked_for or subject.id,
        subject=subject.name,
        at=at,
        finished_at=finished_at,
        calls=1,
        result=result,
    )
    session.add(row)
    return row


def find(session: Session, account_id: str, operation_id: str) -> EffectRow:
    """Raises NotFound."""
    effect = session.scalars(
        select(EffectRow).where(EffectRow.account_id == account_id, EffectRow.idempotency_key == operation_id)
    ).one_or_none()
    if effect is None:
        raise NotFound("Unknown operation.")
    return effect


def as_operation(effect: EffectRow, now: datetime) -> Operation:
    if effect.finished_at <= now:
        return Operation(effect.idempotency_key, OperationState.DONE, effect.finished_at, result=effect.result)
    return Operation(effect.idempotency_key, OperationState.RUNNING)
