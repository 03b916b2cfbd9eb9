"""Choose billed services, see what each costs, confirm once, and watch them go one by one."""

import secrets

from sqlalchemy.orm import Session

from wizard.account.deletion import left_behind
from wizard.actions.action import Action, Answers, Fact, Outcome, Panel, Status
from wizard.actions.context import Context
from wizard.actions.find_services import by_place, in_places, matching
from wizard.actions.my_services import billed_fact
from wizard.actions.paging import PAGE, paged
from wizard.actions.retrieve_data import data_stated
from wizard.errors import Invalid, NotFound, ProviderError, Stale
from wizard.money import Money, total
from wizard.providers.values import Service
from wizard.records import audit, deletions
from wizard.records.deletions import Deletion, DeletionItem, ItemState, Progress
from wizard.theme.formats import counted, listed, number
from wizard.work.plan import planned

SHOWN = 20
"""So many services a page of progress lists; of more it shows a part, and the receipt has them all."""


class DeleteServices(Action):
    name = "delete-services"

    def fact(self, context: Context) -> Fact:
        last, progress = _last(context)
        if last and progress.is_running:
            text = f"{number(progress[ItemState.DELETED])} of {counted(progress.total, 'service')} deleted."
            return Fact(Status.PROBLEM, f"{text} {last.paused}") if last.paused else Fact(Status.IN_PROGRESS, text)
        if not context.billed:
            return Fact(Status.COMPLETED, billed_fact(context))
        if failed := _failed_and_there(context):
            return Fact(Status.PROBLEM, f"{counted(failed, 'service')} could not be deleted. {billed_fact(context)}")
        return Fact(Status.IN_PROGRESS if last else Status.NOT_STARTED, billed_fact(context))

    def show(self, context: Context, query: Answers) -> Panel:
        if wanted := query.one("deletion"):
            return self._progress(context, wanted)
        to = query.one("to") or query.one("view")
        if to in ("check", "all"):
            self.require_role(context)
            try:
                return self._check(context, self._wanted_ids(context, query))
            except Invalid as problem:
                return self._choose(context, query, problem.fields)
        if to:
            return self._choose(context, query, {})
        last, progress = _last(context)
        if last and progress.is_running:
            return self._progress(context, last.id)
        return self._choose(context, query, {})

    def submit(self, context: Context, query: Answers, form: Answers) -> Outcome:
        self.require_role(context)
        if form.one("to"):
            return Outcome(look=True)
        if decided := form.one("again") or form.one("stop"):
            return self._decide(context, decided, stops=bool(form.one("stop")))
        return Outcome({"deletion": begin(context, form.all("service") or query.all("service"), form.key()).id})

    def _decide(self, context: Context, deletion_id: str, stops: bool) -> Outcome:
        """A deletion that has paused goes on or ends; one that has ended tries again what failed."""
        with context.means.db.write() as session:
            context.means.db.lock(session, f"deletion {context.account.id}")
            deletion = session.get(Deletion, deletion_id, with_for_update=True)
            if deletion is None or deletion.account_id != context.account.id or deletion.closure_id:
                raise NotFound("There is no such deletion.")
            progress = deletions.progress(session, deletion_id)
            if stops and deletion.paused:
                deletions.stop(session, deletion)
                context.note(session, "stops a deletion", deletion.reference)
            elif not stops and (deletion.paused or (not progress.is_running and progress[ItemState.FAILED])):
                deletions.try_again(session, deletion)
                context.note(session, "tries a deletion again", deletion.reference)
            else:
                return Outcome({"deletion": deletion_id})  # somebody else was faster
            if deletions.progress(session, deletion_id).is_running:
                context.means.queue.delete_services(session, deletion)
        return Outcome({"deletion": deletion_id})

    def _choose(self, context: Context, query: Answers, errors: dict[str, str]) -> Panel:
        """Long lists are searched and paged; what is ticked on other pages goes along."""
        deletable, chosen = _deletable(context), query.all("service")
        found = in_places(matching(deletable, query.one("q")))
        page = paged(found, query.one("to").removeprefix("page-"))
        shown = {service.id for service in page.items}
        values = {
            "places": by_place(page.items),
            "kept": [service for service in context.services if service.kept_because],
            "chosen": chosen,
            "elsewhere": [one for one in dict.fromkeys(chosen) if one not in shown],
            "page": page,
            "wanted": query.one("q"),
            "is_long": len(deletable) > PAGE,
        }
        return Panel("actions/delete_choose.html", values, errors=errors)

    def _check(self, context: Context, service_ids: list[str]) -> Panel:
        chosen = _chosen(context, service_ids)
        stated = data_stated(context)
        values = {
            "chosen": chosen,
            "places": [(place, len(there), context.per_month(there)) for place, there in by_place(chosen)],
            "is_long": len(chosen) > PAGE,
            "stops": context.per_month(chosen),
            "credit": total((service.credit_today for service in chosen), context.account.currency),
            "unsafe": [service for service in chosen if service.data and service.id not in stated],
            "safe": [service for service in chosen if service.data and service.id in stated],
            "key": secrets.token_urlsafe(18),
        }
        title = f"Check before you delete {counted(len(chosen), 'service')} of {context.account.name}"
        return Panel("actions/delete_check.html", values, title)

    def _progress(self, context: Context, deletion_id: str) -> Panel:
        with context.means.db.read() as session:
            deletion = session.get(Deletion, deletion_id)
            if deletion is None or deletion.account_id != context.account.id:
                raise NotFound("There is no such deletion.")
            progress = deletions.progress(session, deletion_id)
            items = _telling(session, deletion_id, progress)
            not_deleted = deletions.items(session, deletion_id, [ItemState.FAILED, ItemState.LEFT])
        goes_on = progress.is_running and not deletion.paused
        values = {
            "deletion": deletion,
            "progress": progress,
            "items": items,
            "stopped": Money(progress.stopped, deletion.currency),
            "goes_on": goes_on,
            "still": _still_there(context, not_deleted),
            "left": "" if progress.is_running else _left(context),
        }
        if not progress.is_running:
            title = outcome_title(progress)
        else:
            done = f"{progress[ItemState.DELETED]} of {progress.total} done"
            title = f"Deleting: {done}" if goes_on else f"Deleting has paused: {done}"
        return Panel("actions/delete_progress.html", values, title, refresh=goes_on)

    def _wanted_ids(self, context: Context, query: Answers) -> list[str]:
        """The ids that were ticked, or all that match the search and can be deleted. What is confirmed is always
        named one by one."""
        if query.one("all") or query.one("to") == "all":
            return [one.id for one in matching(_deletable(context), query.one("q")) if one.state == "active"]
        return query.all("service")


def _deletable(context: Context) -> list[Service]:
    return [one for one in context.billed if not one.kept_because]


def begin(context: Context, service_ids: list[str], key: str) -> Deletion:
    """Record what is to be deleted and hand it to the worker, in one transaction. The same key again
    answers with the deletion that it began.

    Raises Invalid or Stale where not all of these services can be deleted; then nothing was done.
    """
    with context.means.db.read() as session:
        if done := deletions.by_key(session, context.account.id, key):
            return _done(session, done, service_ids)
    chosen = _chosen(context, service_ids)
    if not key:
        raise Stale("This form is not complete.", "Nothing was deleted. Choose the services again.")
    wanted = planned(chosen, context.services)
    with context.means.db.write() as session:
        context.means.db.lock(session, f"deletion {context.account.id}")
        if done := deletions.by_key(session, context.account.id, key):
            return _done(session, done, service_ids)
        if {one.service_id for one in wanted} & deletions.being_deleted(session, context.account.id):
            raise _already_going()
        deletion = deletions.add_deletion(session, context.account, context.login.id, key, wanted, context.now)
        context.means.queue.delete_services(session, deletion)
        context.note(session, f"deletes {audit.several(len(wanted), 'service')}", deletion.reference, key)
    return deletion


def _chosen(context: Context, service_ids: list[str]) -> list[Service]:
    """The services of these ids. Raises Invalid or Stale where they cannot all be deleted."""
    if not service_ids:
        raise Invalid({"service": "Choose at least one service."})
    by_id = {service.id: service for service in context.services}
    if any(service_id not in by_id for service_id in service_ids):
        raise Stale(
            "A service that you chose is not there any more.",
            "It may have been deleted meanwhile. Nothing was deleted now; look at what is left and choose again.",
        )
    chosen = [by_id[service_id] for service_id in dict.fromkeys(service_ids)]
    kept = [service.name for service in chosen if service.kept_because or not service.is_billed]
    if kept:
        raise Invalid({"service": f"{listed(kept)} cannot be deleted by itself. Leave it out."})
    if any(service.state == "deleting" for service in chosen):
        raise _already_going()
    for base, on_it in left_behind([s.id for s in chosen], {s.id: s.stands_on for s in context.services}).items():
        names, verb = listed([by_id[one].name for one in on_it]), "needs" if len(on_it) == 1 else "need"
        raise Invalid({"service": f"{names} {verb} {by_id[base].name}. Delete what stands on it first, or with it."})
    return chosen


def _done(session: Session, deletion: Deletion, service_ids: list[str]) -> Deletion:
    """The same form once more leads to what came of it the first time."""
    if {item.service_id for item in deletions.items(session, deletion.id)} != set(service_ids):
        raise Stale("This form was sent before, with another choice.", "Nothing was deleted now. Choose again.")
    return deletion


def _last(context: Context) -> tuple[Deletion | None, Progress]:
    with context.means.db.read() as session:
        found = next(iter(deletions.of_account(session, context.account.id)), None)
        return found, deletions.progress(session, found.id if found else "")


def _failed_and_there(context: Context) -> int:
    """How many services failed to be deleted, in whichever attempt, and are still billed."""
    with context.means.db.read() as session:
        failed = deletions.failed(session, context.account.id)
    return len({service.id for service in context.billed} & failed)


def _telling(session: Session, deletion_id: str, progress: Progress) -> list[DeletionItem]:
    """All items, or of many those that tell most: what failed, what goes on now, the last done and the next."""
    if progress.total <= SHOWN:
        return deletions.items(session, deletion_id)
    few = SHOWN // 4
    found = deletions.items(session, deletion_id, [ItemState.FAILED], limit=2 * few)
    found += deletions.items(session, deletion_id, [ItemState.DELETED], limit=few, from_the_end=True)
    found += deletions.items(session, deletion_id, [ItemState.DELETING])
    found += deletions.items(session, deletion_id, [ItemState.WAITING, ItemState.LEFT], limit=few)
    return sorted(found, key=lambda item: item.position)


def _still_there(context: Context, items: list[DeletionItem]) -> int:
    """How many of these are still billed, looked at now; 0 too where that is not known."""
    try:
        return len({item.service_id for item in items} & {one.id for one in context.billed}) if items else 0
    except ProviderError:
        return 0


def _left(context: Context) -> str:
    """What is still billed; nothing is said where the account system does not answer."""
    try:
        return billed_fact(context)
    except ProviderError:
        return ""


def outcome_title(progress: Progress) -> str:
    """`2 services deleted`, or `1 of 3 services deleted, 2 not deleted`."""
    gone = progress[ItemState.DELETED]
    if gone == progress.total:
        return f"{counted(gone, 'service')} deleted"
    return (
        f"{number(gone)} of {counted(progress.total, 'service')} deleted, {number(progress.total - gone)} not deleted"
    )


def _already_going() -> Stale:
    return Stale(
        "A service that you chose is being deleted already.",
        "Nothing is done twice. Go back to see how far it is.",
    )


action = DeleteServices()
