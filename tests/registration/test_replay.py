"""The new-year event's 224 applications in their order come to the known figures."""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import eventops
from eventops.clock import TOKYO
from eventops.events.models import Mode
from eventops.mail.models import Letter
from eventops.registration import changes, service
from eventops.registration.commands import Application, Claim, Entrant, PersonDetails
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull, PaymentMethod, Place, Registration
from eventops.registration.refusals import SoldOut
from tests.registration.arrange import make_new_year

DATA = Path(eventops.__file__).parent / "demo" / "data"
PAYMENTS = {"銀行振込": PaymentMethod.BANK_TRANSFER, "当日現金": PaymentMethod.CASH_ON_DAY, "": PaymentMethod.NONE}


def read(name):
    with (DATA / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def command_of(event, row, people):
    """A line of the file as the form would send it: online by wish never queues, the venue by the written consent."""
    mode = Mode.ONSITE if row["requested_mode"] == "会場" else Mode.ONLINE
    person = people[row["person_id"]]
    wishes = {
        part.id: mode for part, wished in zip(event.parts, (row["part1"], row["part2"]), strict=True) if wished == "1"
    }
    names = {key: person[key] for key in ("family_name", "given_name", "family_kana", "given_kana")}
    consents = row["accept_online_if_full"] == "1" or mode is Mode.ONLINE
    return Application(
        event_id=event.id,
        organisation_name="団体" + person["org_id"],
        organisation_kana="ダンタイ" + person["org_id"],
        claim=Claim.MEMBER if row["member_type"] == "会員" else Claim.GENERAL,
        applicant_name=names["family_name"],
        applicant_kana=names["family_kana"],
        email=person["email"],
        phone=person["phone"],
        if_full=IfFull.ONLINE if consents else IfFull.WAIT,
        payment_method=PAYMENTS[row["payment"]],
        receipt_name=row["receipt_name"],
        entrants=(Entrant(details=PersonDetails(**names), wishes=wishes),),
    )


def word_for(registration):
    """The state of the lecture in the file's own words."""
    if registration is None:
        return "オンライン満員"
    (place,) = (place for place in registration.attendees[0].places if place.part.position == 1)
    words = {
        ("onsite", "onsite", "confirmed"): "会場確定",
        ("online", "online", "confirmed"): "オンライン確定",
        ("online", "onsite", "confirmed"): "オンライン確定(会場から振替)",
        ("onsite", "onsite", "waiting"): "会場キャンセル待ち",
    }
    return words[place.mode, place.wanted_mode, place.state]


def replay(session, event):
    people = {row["person_id"]: row for row in read("people.csv")}
    made = []
    for row in read("newyear_registrations.csv"):
        now = dt.datetime.fromisoformat(row["requested_at"]).replace(tzinfo=TOKYO)
        try:
            registration = service.register(session, command_of(event, row, people), now=now)
        except SoldOut:
            registration = None
        made.append((row, registration))
    return made


def figures(session, event):
    lecture, party = event.parts
    counts = Counter((p.part_id, p.mode, p.wanted_mode, p.state) for p in session.query(Place))
    total = sum(registration.total_yen for registration in session.query(Registration))
    return {
        "venue": counts[lecture.id, "onsite", "onsite", "confirmed"],
        "online": sum(n for key, n in counts.items() if key[:2] == (lecture.id, "online") and key[3] == "confirmed"),
        "moved": counts[lecture.id, "online", "onsite", "confirmed"],
        "waiting": counts[lecture.id, "onsite", "onsite", "waiting"],
        "party": counts[party.id, "onsite", "onsite", "confirmed"],
        "yen": total,
    }


def test_the_known_figures_and_then_three_cancellations(session):
    event = make_new_year(session, applications_close_at=dt.datetime(2027, 1, 20, tzinfo=dt.UTC))
    made = replay(session, event)
    assert [(row["request_no"], word_for(r), r.total_yen if r else 0) for row, r in made] == [
        (row["request_no"], row["expected_status"], int(row["expected_fee"])) for row, _registration in made
    ]
    assert sum(registration is None for _row, registration in made) == 7
    before = figures(session, event)
    assert before == {"venue": 100, "online": 100, "moved": 36, "waiting": 17, "party": 88, "yen": 346_000}

    waiting = [r for _row, r in made if r and word_for(r) == "会場キャンセル待ち"]
    leaving = [r for _row, r in made if r and word_for(r) == "会場確定"][:3]
    now = dt.datetime(2027, 1, 5, tzinfo=dt.UTC)
    for registration in leaving:
        desk = open_desk(session, registration.id, now=now)
        changes.cancel(desk, attendee_ids=[registration.attendees[0].id])
    assert [word_for(registration) for registration in waiting] == ["会場確定"] * 3 + ["会場キャンセル待ち"] * 14
    told = session.query(Letter).where(Letter.kind == "registration_promoted").order_by(Letter.id)
    assert [letter.subject_id for letter in told] == [registration.id for registration in waiting[:3]]
    after = figures(session, event)
    gone, come = leaving, waiting[:3]
    parties = [sum(len(r.attendees[0].places) == 2 for r in group) for group in (gone, come)]
    fees = [sum(3000 if r.price_category == "member" else 5000 for r in group) for group in (gone, come)]
    assert after == before | {
        "waiting": 14,
        "party": 88 - parties[0] + parties[1],
        "yen": 346_000 - fees[0] + fees[1],
    }
