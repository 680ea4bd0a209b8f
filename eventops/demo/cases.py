"""The demonstration's coordinators, cases of three years, requests to meet, plan and earlier numbers."""

import datetime as dt
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from eventops.accounts import queries as accounts
from eventops.accounts import service as account_service
from eventops.accounts.models import Role
from eventops.cases import plans, registry, rules, service, sharing
from eventops.cases.models import Coordinator, NoteKind, Origin, Outcome, Stage
from eventops.cases.plans import PastValues, PlanValues
from eventops.cases.registry import CoordinatorValues, RequestValues
from eventops.cases.service import Frame
from eventops.cases.sharing import Column
from eventops.clock import TOKYO, tokyo
from eventops.demo.files import rows
from eventops.demo.sign_ins import DemoSignIn, demo_password
from eventops.directory import consents
from eventops.directory.consents import Word
from eventops.directory.models import ConsentPurpose, ConsentSource, Organisation
from eventops.events.models import Event

WHO_SIGNS_IN = "C01"
STAFF_WHO_TAKE_CASES = ("staff02@secretariat.example.jp", "staff05@secretariat.example.jp")
TARGETS = (24, 6)
TITLES = (
    "放熱部品の異材接合",
    "外観検査装置の共同開発",
    "微小流量センサの防汚めっき",
    "搬送ロボットの小型減速機",
    "樹脂歯車への置き換え",
    "水素配管継手の試作",
)
FUNDING = ("自主事業", "ロボット産業特区(受託)", "市の産業交流施設(受託)")
STEPS = ((Stage.TALKING, 1), (Stage.PROTOTYPE, 2), (Stage.COLLABORATING, 4), (Stage.COMMERCIALISED, 10))
"""Stages with the months after the start at which a case of the demonstration reaches them."""
STARTS = (32, 29, 27, 25, 22, 20, 18, 16, 14, 12, 11, 9, 8, 7, 6, 5, 3, 2, 1, 1)
"""Months ago."""
STOPS_AT = {1: Stage.COLLABORATING, 4: Stage.COLLABORATING, 6: Stage.PROTOTYPE, 9: Stage.TALKING, 12: Stage.PROTOTYPE}
ENDED = {6: "量産の数量が折り合わず、双方で終了を確認(デモ)"}


def add(session: Session, events: Sequence[Event], *, now: dt.datetime) -> list[DemoSignIn]:
    """Everything about cases; the coordinator who can sign in comes back."""
    people = _coordinators(session, now)
    sign_ins = _sign_in(session, people[WHO_SIGNS_IN], now)
    today = now.astimezone(TOKYO).date()
    _cases(session, list(people.values()), events[0], today)
    _requests(session, people, today, now)
    _numbers(session, today, now)
    _sharing(session, events, today, now)
    session.flush()
    return sign_ins


def _coordinators(session: Session, now: dt.datetime) -> dict[str, Coordinator]:
    made = {}
    for row in rows("coordinators"):
        values = CoordinatorValues(
            name=row["name"],
            qualification=row["qualification"],
            fields=row["speciality"].split(";"),
            zone=row["zone"],
            max_cases=int(row["max_cases"]),
            email=row["email"],
            code=row["coordinator_id"],
        )
        made[row["coordinator_id"]] = registry.save_coordinator(
            session, coordinator_id=None, values=values, actor_id=None, now=now
        )
    for number, email in enumerate(STAFF_WHO_TAKE_CASES, start=1):
        user = accounts.user_by_email(session, email)
        if user is not None:
            values = CoordinatorValues(
                user.name, "協会職員", zone=user.office, email=email, staff_user_id=user.id, code=f"S{number:02d}"
            )
            made[f"S{number:02d}"] = registry.save_coordinator(
                session, coordinator_id=None, values=values, actor_id=None, now=now
            )
    return made


def _sign_in(session: Session, one: Coordinator, now: dt.datetime) -> list[DemoSignIn]:
    if accounts.user_by_email(session, one.email):
        return []
    password = demo_password(one.email, key=current_app.config["SECRET_KEY"])
    user = account_service.create_user(
        session,
        email=one.email,
        name=one.name,
        office="",
        role=Role.COORDINATOR,
        password=password,
        actor_id=None,
        now=now,
    )
    session.flush()
    one.staff_user_id = user.id
    return [DemoSignIn(one.email, password, Role.COORDINATOR, one.name)]


def _cases(session: Session, people: list[Coordinator], event: Event, today: dt.date) -> None:
    codes = [f"O{number:04d}" for number in (*range(1, len(STARTS) + 1), *range(38, 38 + len(STARTS)))]
    found = {one.code: one.id for one in session.scalars(select(Organisation).where(Organisation.code.in_(codes)))}
    for number, months in enumerate(STARTS):
        start = rules.months_after(today, -months)
        case_id = _open(session, number, start, people, found, event, today)
        _go_on(session, case_id, number, start, today)


def _open(
    session: Session,
    number: int,
    start: dt.date,
    people: list[Coordinator],
    found: dict[str | None, int],
    event: Event,
    today: dt.date,
) -> int:
    size = len(people)
    at_event = start <= event.held_on
    frame = Frame(
        title=TITLES[number % len(TITLES)],
        organisation_id=found[f"O{38 + number:04d}"],
        partner_id=found[f"O{1 + number:04d}"],
        lead_id=people[number * 5 % size].id,
        deputy_ids=(people[(number * 5 + 3) % size].id, *((people[-1].id,) if number % 4 == 0 else ())),
        origin=Origin.OTHER if at_event else Origin.HANDS_ON,
        funding_source=FUNDING[number % len(FUNDING)],
        outcome=list(Outcome)[number % 4] if number < 12 else "",
        next_action="試作品の評価結果を聞く" if number % 2 else "先方の工場を訪問する",
        due_on=today + dt.timedelta(days=9 * (number % 6) - 6),
    )
    return service.open_case(session, frame, started_on=start, actor_id=None, now=_at(start)).id


def _go_on(session: Session, case_id: int, number: int, start: dt.date, today: dt.date) -> None:
    """Stages one after another, with a note at each, until today or the stage at which this one rests."""
    for stage, months in STEPS:
        day = rules.months_after(start, months)
        if day > today or (stage == Stage.COMMERCIALISED and number % 3):
            break
        service.add_note(
            session,
            case_id=case_id,
            kind=NoteKind.VISIT,
            happened_on=day,
            text="双方の担当者と現地で打合せ。次の段階に進むことを確認(デモ)",
            actor_id=None,
            now=_at(day),
        )
        _move(session, case_id, stage, day, "")
        if STOPS_AT.get(number) == stage:
            break
    if number % 5 and start < today - dt.timedelta(days=40):
        _ask(session, case_id, today - dt.timedelta(days=5))
    if number in ENDED:
        _move(session, case_id, Stage.CLOSED, rules.months_after(start, 5), ENDED[number])


def _ask(session: Session, case_id: int, day: dt.date) -> None:
    """Most teams have asked lately, so that what is overdue stands out."""
    service.add_note(
        session,
        case_id=case_id,
        kind=NoteKind.CALL,
        happened_on=day,
        text="電話で状況を確認。予定どおり進行中(デモ)",
        actor_id=None,
        now=_at(day),
    )


def _move(session: Session, case_id: int, stage: Stage, day: dt.date, note: str) -> None:
    service.move(session, case_id=case_id, stage=stage, happened_on=day, note=note, actor_id=None, now=_at(day))


def _at(day: dt.date) -> dt.datetime:
    return tokyo(day, dt.time(15))


def _requests(session: Session, people: dict[str, Coordinator], today: dt.date, now: dt.datetime) -> None:
    found = session.scalars(
        select(Organisation).where(Organisation.code.in_(("O0061", "O0062", "O0063"))).order_by(Organisation.code)
    ).all()
    wishes = (
        ("微細穴加工を試せる大手企業", None, ""),
        ("医療機器メーカーの開発部門", "C03", ""),
        ("表面処理の共同研究ができる大学", "C02", "先方の研究室を訪問。次は試料を送る(デモ)"),
    )
    for place, (organisation, (wish, code, result)) in enumerate(zip(found, wishes, strict=True)):
        values = RequestValues(
            organisation_id=organisation.id,
            wishes_to_meet=wish,
            received_on=today - dt.timedelta(days=4 + 9 * place),
            topic="新しく会員になり、意見交換の相手を探している(デモ)",
            coordinator_id=people[code].id if code else None,
            meets_on=today - dt.timedelta(days=3) if result else None,
            result=result,
        )
        registry.save_request(session, request_id=None, values=values, actor_id=None, now=now)


def _numbers(session: Session, today: dt.date, now: dt.datetime) -> None:
    """The plan began two years before the present one; the earlier numbers stand in the association's reports."""
    year = today.year if today.month >= 4 else today.year - 1
    plan = PlanValues("第七期中期計画「地域力の向上」(目標はデモ)", year - 2, year, *TARGETS)
    plans.save_plan(session, plan_id=None, values=plan, actor_id=None, now=now)
    for past in (
        PastValues(2008, 2008, None, 5, "プロジェクト報告"),
        PastValues(2012, 2012, None, 24, "プロジェクト報告"),
        PastValues(2013, 2013, None, 24, "プロジェクト報告"),
        PastValues(2008, 2012, 689, 105, "プロジェクト報告(累計、事業化の目標は50)"),
    ):
        plans.save_past(session, past_id=None, values=past, actor_id=None, now=now)


def _sharing(session: Session, events: Sequence[Event], today: dt.date, now: dt.datetime) -> None:
    columns = [Column.NAME, Column.ORGANISATION, Column.JOB_TITLE]
    for event in events:
        for host in consents.hosts_of(event):
            sharing.state(
                session,
                event_id=event.id,
                host_name=host,
                columns=columns,
                purpose="次回以降の技術相談のご案内",
                purpose_en="invitations to later technical consultations",
                actor_id=None,
                now=now,
            )
        _agreements(session, event, today)


def _agreements(session: Session, event: Event, today: dt.date) -> None:
    """Those of the event's people who agree to most things agree to this too."""
    for person in sharing.people_of(session, event.id):
        if person.list_consent and person.mail_opt_in:
            for host in consents.hosts_of(event):
                word = Word(ConsentSource.FORM, today, event_id=event.id, host_name=host)
                consents.give(person, ConsentPurpose.SHARE, word)
