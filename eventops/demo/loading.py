"""Loading of the demonstration: the fictitious association's staff, directory, events, wishes and guests."""

import datetime as dt

from flask import Flask, current_app
from sqlalchemy.orm import Session

from eventops.accounts import queries as accounts
from eventops.accounts import service as account_service
from eventops.accounts.models import Role
from eventops.demo import cases, events, guests, held, letters, matching, reception
from eventops.demo.events import Plan
from eventops.demo.files import rows, upload
from eventops.demo.sign_ins import DemoSignIn, demo_password
from eventops.directory import importing
from eventops.settings import service as settings_service
from eventops.settings.queries import OrganiserProfile

_ROLES = {
    "管理者": Role.ADMINISTRATOR,
    "イベント責任者": Role.EVENT_MANAGER,
    "受付責任者": Role.RECEPTION,
    "閲覧のみ": Role.READ_ONLY,
}
MANAGER = "staff02@secretariat.example.jp"
ORGANISER = OrganiserProfile(
    name="一般社団法人首都圏産業活性化協会",
    alias="TAMA協会",
    name_en="TAMA Association (demonstration)",
    postal_code="000-0000",
    address="東京都八王子市架空町1-1(デモ)",
    phone="00-0000-0001",
    fax="00-0000-0002",
    email="desk@secretariat.example.jp",
)


def init_demo(app: Flask) -> None:
    """Offer the demonstration data to the first start."""
    app.extensions["demonstration"] = load_lived_in


def load(session: Session, *, now: dt.datetime) -> list[DemoSignIn]:
    """What the association's year begins with; its staff come back, with passwords by `sign_ins.demo_password`."""
    return _load(session, now)[1]


def load_lived_in(session: Session, *, now: dt.datetime) -> list[DemoSignIn]:
    """The same with what has happened since: last year's exchange as it was held, and a new-year event that is full."""
    plan, sign_ins = _load(session, now)
    manager = accounts.user_by_email(session, MANAGER)
    if manager is not None:
        held.add(session, plan.last_exchange, actor_id=manager.id)
    reception.add(session, plan.new_year, now=plan.written_at)
    return sign_ins


def _load(session: Session, now: dt.datetime) -> tuple[Plan, list[DemoSignIn]]:
    sign_ins = _staff(session, now)
    settings_service.save_organiser(session, profile=ORGANISER, actor_id=None, now=now)
    for kind in ("organisations", "people", "committees", "partners"):
        importing.carry_out(session, kind=kind, upload=upload(kind), actor_id=None, now=now)
    plan = events.add(session, now=now)
    matching.add(session, plan.exchange, now=now)
    guests.add(session, plan.exchange, now=plan.written_at)
    letters.add(session, plan.exchange, now=plan.written_at)
    return plan, sign_ins + cases.add(session, (plan.last_exchange, plan.exchange), now=plan.written_at)


def _staff(session: Session, now: dt.datetime) -> list[DemoSignIn]:
    key = current_app.config["SECRET_KEY"]
    made = []
    for row in rows("staff"):
        if accounts.user_by_email(session, row["email"]):
            continue
        role = _ROLES.get(row["role"], Role.EVENT_MANAGER)
        password = demo_password(row["email"], key=key)
        account_service.create_user(
            session,
            email=row["email"],
            name=row["name"],
            office=row["office"],
            role=role,
            password=password,
            actor_id=None,
            now=now,
        )
        made.append(DemoSignIn(row["email"], password, role, row["name"]))
    return made
