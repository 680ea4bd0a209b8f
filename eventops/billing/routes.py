"""All routes of billing, and what the feature tells the features below."""

from flask import Flask, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops.billing import (
    letters,
    queries,
    routes_bank,
    routes_closing,
    routes_documents,
    routes_event,
    routes_export,
    routes_guest,
    routes_ledger,
    settling,
    wording,
)
from eventops.billing.blueprint import bp
from eventops.events.providers import PublicLink
from eventops.registration import providers
from eventops.registration.models import Registration
from eventops.registration.writing import addresses

__all__ = [
    "bp",
    "init_billing",
    "routes_bank",
    "routes_closing",
    "routes_documents",
    "routes_event",
    "routes_export",
    "routes_guest",
    "routes_ledger",
]
_ACROSS_EVENTS = ("billing.bank", "billing.import_bank_file", "billing.document_register")


def init_billing(app: Flask) -> None:
    """Register that who has paid follows what is owed, and the way to the payer's page."""
    letters.init_letters(app)
    providers.registry.fee_followers["billing"] = settling.follow
    providers.registry.how_to_pay = wording.how_to_pay
    providers.registry.my_page_links["billing"] = _payments_link


def _payments_link(session: Session, registration: Registration) -> PublicLink | None:
    paid = queries.paid_yen(session, registration.id)
    if not registration.total_yen and not paid:
        return None
    url = url_for("billing.my_payments", token=addresses.token(registration))
    if paid < registration.total_yen:
        return PublicLink(_("お支払い・請求書"), url, _("お支払い前の金額があります。"))
    return PublicLink(_("領収書・お支払い"), url)


@bp.before_request
def _frame() -> None:
    """Pages of an event stand under 入金 in its frame."""
    if request.endpoint not in _ACROSS_EVENTS:
        g.nav_endpoint = "billing.event_money"
