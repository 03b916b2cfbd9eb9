"""An account's invoices: the list, and each with its lines. Every role may look."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from wizard.errors import ActionNotSupported, NotFound
from wizard.providers.billing import Invoice
from wizard.providers.values import Page, every
from wizard.theme.formats import day, money, month_name
from wizard.web import access
from wizard.web.means import house

blueprint = Blueprint("invoices", __name__, url_prefix="/account/<account_id>/invoices")

_NOT_HERE = NotFound("There is no invoice with this number.", "The account’s invoices are listed on one page.")


@blueprint.get("/")
@access.signed_in
def listing(account_id: str) -> ResponseReturnValue:
    account, _ = access.open_account(account_id)
    try:
        page = house().means.provider.invoices(account_id, request.args.get("after", ""))
    except ActionNotSupported:
        page = None
    invoices = [(one, standing(one)) for one in (page or Page([])).items]
    return render_template("web/invoices.html", account=account, page=page, invoices=invoices)


@blueprint.get("/<path:number>/")
@access.signed_in
def invoice(account_id: str, number: str) -> ResponseReturnValue:
    account, _ = access.open_account(account_id)
    provider = house().means.provider
    try:
        found = every(lambda after: provider.invoices(account_id, after))
    except ActionNotSupported:
        raise _NOT_HERE from None
    one = next((one for one in found if one.number == number), None)
    if one is None:
        raise _NOT_HERE
    rows = [
        ("Issued", day(one.issued_on), ""),
        ("For", month_name(one.month) if one.month else "An order", ""),
        ("How it stands", standing(one), ""),
    ]
    return render_template(
        "web/invoice.html",
        account=account,
        invoice=one,
        rows=rows,
        used=one.credit_used if one.credit_used and one.credit_used.minor else None,
        due=one.due if one.total.minor > 0 else None,
    )


def standing(one: Invoice) -> str:
    """`Paid on 21 November 2026`, `$12.00 due on 30 November 2026`"""
    if one.total.minor < 0:
        return "Became account credit"
    if not one.due.minor:
        return "Covered by credit" if one.total.minor else "Nothing was due"
    return f"Paid on {day(one.paid_on)}" if one.paid_on else f"{money(one.due)} due on {day(one.due_on)}"
