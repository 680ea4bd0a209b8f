"""Certificates of those who came, and labels for letters on paper."""

from flask import current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from eventops import clock, links
from eventops.accounts.permissions import Permission, private_link, require
from eventops.database import read_session
from eventops.errors import BadLink, NotFound
from eventops.events import queries as event_queries
from eventops.events.providers import PublicLink
from eventops.limits import limiter
from eventops.links import Purpose
from eventops.printing import attendance, mailing
from eventops.printing.addresses import addresses_pdf
from eventops.printing.blueprint import GUESTS_A_MINUTE, bp
from eventops.printing.certificates import TITLES, Kind, certificates_pdf
from eventops.printing.files import PDF, sent
from eventops.printing.forms import AddressForm, CertificateForm
from eventops.printing.imprint import Imprint
from eventops.registration import providers, queries
from eventops.registration.models import Registration
from eventops.registration.writing import addresses as registration_addresses


def init_after() -> None:
    """Guests find their certificate on their own page."""
    providers.registry.my_page_links["certificate"] = certificate_link


@bp.get("/staff/events/<int:event_id>/certificates")
@require(Permission.VIEW)
def certificates(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    is_asked = "kind" in request.args
    form = CertificateForm(request.args if is_asked else None, meta={"csrf": False}).offer(event)
    if not is_asked:
        form.kind.data = str(attendance.usual_kind(event))
    is_sound = not is_asked or form.validate()
    made = attendance.certificates(session, event, now=clock.now(), part_ids=form.part_ids if is_sound else None)
    if "pdf" not in request.args or not made or not is_sound:
        page = render_template("printing/certificates.html", event=event, form=form, made=made)
        return page, 200 if is_sound else 422
    kind = Kind(form.kind.data)
    content = certificates_pdf(attendance.issuer(session, event, kind, now=clock.now()), made)
    return sent(content, f"{TITLES[kind]}_{event.slug}.pdf", PDF)


@bp.get("/r/<token>/certificate.pdf")
@private_link
@limiter.limit(GUESTS_A_MINUTE)
def my_certificate(token: str) -> ResponseReturnValue:
    session = read_session()
    ref = links.read(token, Purpose.REGISTRATION, key=current_app.config["SECRET_KEY"])
    registration = queries.registration(session, ref.id)
    if registration.link_issue != ref.issue:
        raise BadLink
    event = registration.event
    made = attendance.certificates(session, event, now=clock.now(), registration_id=registration.id)
    if not made:
        raise NotFound
    issuer = attendance.issuer(session, event, attendance.usual_kind(event), now=clock.now())
    return sent(certificates_pdf(issuer, made), f"certificate-{event.slug}-{registration.number:04d}.pdf", PDF)


def certificate_link(session: Session, registration: Registration) -> PublicLink | None:
    """From the end of the first part in which somebody of this application was checked in."""
    event = registration.event
    now = clock.now()
    if all(part.ends_at > now for part in event.parts):
        return None
    if not attendance.certificates(session, event, now=now, registration_id=registration.id):
        return None
    word = _("受講証明書(PDF)") if attendance.usual_kind(event) == Kind.COURSE else _("参加証明書(PDF)")
    token = registration_addresses.token(registration)
    return PublicLink(word, url_for("printing.my_certificate", token=token))


@bp.get("/staff/events/<int:event_id>/addresses")
@require(Permission.VIEW)
def addresses(event_id: int) -> ResponseReturnValue:
    session = read_session()
    event = event_queries.event(session, event_id)
    is_asked = "stock" in request.args
    form = AddressForm(request.args if is_asked else None, meta={"csrf": False}).offer()
    is_sound = not is_asked or form.validate()
    found = mailing.of_event(session, event_id, per_person=form.who.data == "person")
    if "pdf" not in request.args or not found.addresses or not is_sound:
        page = render_template("printing/addresses.html", event=event, form=form, found=found)
        return page, 200 if is_sound else 422
    imprint = Imprint(event=event.title, version="", printed_at=clock.now())
    content = addresses_pdf(imprint, found.addresses, stock=form.stock.data, first=form.first.data or 1)
    return sent(content, f"宛名ラベル_{event.slug}.pdf", PDF)
