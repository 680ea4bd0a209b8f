"""Letters to the people whom an applicant registered: who gets which, once, and nothing of anybody else's."""

import datetime as dt
from dataclasses import replace

import pytest
from icalendar import Calendar
from sqlalchemy import select

from eventops.accounts.models import Role, StaffUser
from eventops.events import pages
from eventops.events.models import Mode
from eventops.mail.models import Letter
from eventops.mailings import audience, service, writing
from eventops.mailings.audience import Audience
from eventops.mailings.models import MailingKind
from eventops.registration import changes
from eventops.registration import service as registrations
from eventops.registration.commands import PersonDetails
from eventops.registration.desk import open_desk
from eventops.registration.models import IfFull
from eventops.registration.own import calendar
from eventops.registration.refusals import TooManyAddresses
from eventops.registration.seats import part_changes
from tests.factories import NOW
from tests.mailings.arrange import plan
from tests.registration.arrange import application, entrant, make_new_year

TARO, HANAKO, OFFICE = "taro@umibe.example.jp", "hanako@umibe.example.jp", "soumu@umibe.example.jp"


def somebody(event, index, email, **values):
    one = entrant(event, index, **values)
    return replace(one, details=replace(one.details, email=email))


def register(session, event, *people, tells=True):
    command = application(event, *people, tells_attendees=tells)
    return registrations.register(session, command, now=NOW)


def desk(session, made):
    return open_desk(session, made.id, now=NOW, actor_id=None)


def told(session):
    """Address and subject of every letter to the people themselves."""
    query = select(Letter).where(Letter.kind == "attendee_told").order_by(Letter.id)
    return [(one.to_email, one.subject.partition("】")[2].partition("(")[0]) for one in session.scalars(query)]


def last(session):
    return session.scalars(select(Letter).where(Letter.kind == "attendee_told").order_by(Letter.id.desc())).first()


@pytest.fixture
def event(session):
    return make_new_year(session)


def test_a_part_on_another_day_is_told_with_its_day(session, event):
    party = event.parts[1]
    party.starts_at, party.ends_at = (moment + dt.timedelta(days=1) for moment in (party.starts_at, party.ends_at))
    session.flush()
    register(session, event, somebody(event, 0, TARO))
    lecture, later = (pages.part_times(event, part, "ja") for part in event.parts)
    assert (lecture, later[-12:]) == ("17:00〜18:00", " 19:00〜21:00")
    for letter in session.scalars(select(Letter)):
        assert f"第1部 新春講演会 {lecture}\n" in letter.body
        assert f"第2部 懇親会 {later}\n" in letter.body


def test_each_address_gets_its_own_ticket_and_the_applicant_none_twice(session, event):
    people = (somebody(event, 0, TARO), somebody(event, 1, HANAKO), somebody(event, 2, OFFICE.upper()))
    made = register(session, event, *people)
    assert told(session) == [(TARO, "ご参加のご案内"), (HANAKO, "ご参加のご案内")]
    letter = last(session)
    assert (letter.to_name, "佐藤 花子" in letter.body, "山田 太郎" in letter.body) == (
        "株式会社海辺工業 佐藤 花子",
        True,
        False,
    )
    assert "/r/" not in letter.body
    assert [one["maker"] for one in letter.attachments] == ["attendee_ticket_pdf", "attendee_ics"]
    assert {one["subject_id"] for one in letter.attachments} == {made.attendees[1].id}
    entries = Calendar.from_ical(calendar.attendee_ics(session, made.attendees[1].id).content).walk("VEVENT")
    assert [(str(one["status"]), "url" in one) for one in entries] == [("CONFIRMED", False)] * 2


def test_people_who_share_an_address_get_one_letter_and_who_only_waits_gets_none(session, event):
    event.parts[0].pools[0].capacity = event.parts[1].pools[0].capacity = 2
    session.flush()
    register(session, event, somebody(event, 0, TARO), somebody(event, 1, TARO), somebody(event, 2, HANAKO))
    assert told(session) == [(TARO, "ご参加のご案内")]
    assert "山田 太郎、佐藤 花子 様" in last(session).body


def test_nobody_is_told_where_the_applicant_did_not_ask_for_it(session, event):
    made = register(session, event, somebody(event, 0, TARO), tells=False)
    assert told(session) == []
    changes.tell_attendees(desk(session, made), tells=True)
    changes.tell_attendees(desk(session, made), tells=True)
    assert told(session) == [(TARO, "ご参加のご案内")]
    changes.tell_attendees(desk(session, made), tells=False)
    changes.cancel(desk(session, made), attendee_ids=[made.attendees[0].id])
    assert len(told(session)) == 1


def test_only_those_whose_own_matters_change_hear_of_it(session, event):
    made = register(session, event, somebody(event, 0, TARO), somebody(event, 1, HANAKO))
    first, second = made.attendees
    lecture = event.parts[0].id
    for wanted in ({lecture: Mode.ONLINE}, {part.id: Mode.ONSITE for part in event.parts}):
        part_changes.change_parts(desk(session, made), attendee_id=second.id, wanted=wanted, if_full=IfFull.WAIT)
    assert told(session)[2:] == [(HANAKO, "ご参加の内容が変わりました")] * 2
    changes.write_note(desk(session, made), note="電話あり")
    changes.replace_link(desk(session, made))
    assert len(told(session)) == 4
    instead = PersonDetails(family_name="鈴木", given_name="実", family_kana="スズキ", given_kana="ミノル")
    changes.substitute(desk(session, made), attendee_id=first.id, details=replace(instead, email="m@example.jp"))
    assert sorted(told(session)[4:]) == [
        ("m@example.jp", "ご参加のご案内"),
        (TARO, "ご参加のお申込みが取り消されました"),
    ]
    changes.cancel(desk(session, made), attendee_ids=[second.id])
    changes.cancel(desk(session, made), attendee_ids=[first.id])
    assert told(session)[6:] == [
        (HANAKO, "ご参加のお申込みが取り消されました"),
        ("m@example.jp", "ご参加のお申込みが取り消されました"),
    ]
    assert last(session).attachments == []


def test_who_was_told_at_a_wrong_address_still_comes_with_another_ticket(session, event):
    made = register(session, event, somebody(event, 0, TARO), somebody(event, 1, HANAKO))
    first, issues = made.attendees[0], lambda: [one.ticket_issue for one in made.attendees]
    details = somebody(event, 0, TARO).details
    changes.change_details(desk(session, made), attendee_id=first.id, details=details)
    assert (issues(), len(told(session))) == ([1, 1], 2)
    right = replace(details, email="taro.yamada@umibe.example.jp")
    changes.change_details(desk(session, made), attendee_id=first.id, details=right)
    assert told(session)[2:] == [
        ("taro.yamada@umibe.example.jp", "ご参加のご案内"),
        (TARO, "お知らせのお届け先が変わりました"),
    ]
    assert ("取り消されていません" in last(session).body, last(session).attachments) == (True, [])
    assert issues() == [2, 1]
    kinds = session.scalars(select(Letter.kind).where(Letter.to_email == OFFICE).order_by(Letter.id)).all()
    assert kinds == ["registration_received", "registration_changed"]


def test_one_link_does_not_write_to_whomever_it_likes(session, event):
    made = register(session, event, somebody(event, 0, TARO))
    person = made.attendees[0]

    def correct(email, *, actor_id=None, later=0):
        on = open_desk(session, made.id, now=NOW + dt.timedelta(hours=later), actor_id=actor_id)
        details = replace(somebody(event, 0, email).details, department=f"第{later}課")
        changes.change_details(on, attendee_id=person.id, details=details)

    for email in ("a@example.jp", "b@example.jp", "a@example.jp"):
        correct(email)
    assert len(told(session)) == 7
    with pytest.raises(TooManyAddresses):
        correct("c@example.jp")
    with pytest.raises(TooManyAddresses):
        changes.substitute(desk(session, made), attendee_id=person.id, details=somebody(event, 1, HANAKO).details)
    correct("a@example.jp", later=1)
    correct("c@example.jp", actor_id=_clerk(session))
    correct("d@example.jp", later=25)
    assert [email[0] for email, _subject in told(session)[7:]] == ["c", "a", "d", "c"]


def test_a_mailing_counts_and_reaches_them_without_the_applicants_matters(session, event):
    made = register(session, event, somebody(event, 0, TARO), somebody(event, 1, HANAKO), somebody(event, 2, TARO))
    found = audience.selection(session, event, Audience(), kind=MailingKind.NOTICE, now=NOW)
    assert [one.email for one in found.chosen] == [OFFICE, TARO, HANAKO]
    body = "{氏名} 様\n\n{お申込み内容}\n\n▼ 変更はこちら\n{専用ページ}\n{氏名}様専用です。\n\n{お支払い状況}\n"
    wanted = plan(body=body, subject="【{ 参加費 }】{受付番号} の件({行事名})")
    actor_id = _clerk(session)
    draft = service.draft(session, wanted, event_id=event.id, actor_id=actor_id, now=NOW)
    session.flush()
    service.send(session, mailing_id=draft.id, seen_readers=service.seen(found), actor_id=actor_id, now=NOW)
    changes.cancel(desk(session, made), attendee_ids=[made.attendees[1].id])
    writing.write_batch(session, draft.id, now=NOW + dt.timedelta(minutes=1))
    letters = session.scalars(select(Letter).where(Letter.mailing_id == draft.id).order_by(Letter.id)).all()
    assert [one.to_email for one in letters] == [OFFICE, TARO]
    assert [one.subject for one in letters] == [
        f"【10,000円】{made.number:04d} の件(令和9年新春講演会・賀詞交歓会)",
        "の件(令和9年新春講演会・賀詞交歓会)",
    ]
    assert ["/r/" in one.body for one in letters] == [True, False]
    assert "様専用です" not in letters[1].body
    assert letters[1].body.startswith("山田 太郎、高橋 一郎 様")


def _clerk(session) -> int:
    user = StaffUser(email="c@example.jp", name="職員", role=Role.EVENT_MANAGER, password_hash="-", created_at=NOW)
    session.add(user)
    session.flush()
    return user.id
