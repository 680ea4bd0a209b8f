"""Mailings: who is found, what each reader gets, nobody twice, stopped and looked at afterwards."""

import datetime as dt

import pytest
from sqlalchemy import select

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.directory import consents
from eventops.directory.bodies import Committee, CommitteeTerm
from eventops.directory.consents import Word
from eventops.directory.models import ConsentPurpose, ConsentSource
from eventops.events.models import Mode, PriceCategory
from eventops.mail.delivery import deliver_next
from eventops.mail.models import Letter, LetterState
from eventops.mailings import audience, queries, service, writing
from eventops.mailings.audience import Audience
from eventops.mailings.models import Mailing, MailingKind, MailingState
from eventops.mailings.rules import LeftOut
from eventops.registration import service as registrations
from eventops.registration.commands import Claim
from eventops.registration.listing.roster import Filter, Paying, Show
from eventops.registration.models import Attendee, AttendeeTag
from tests.conftest import sign_in_to
from tests.factories import NOW, make_organisation, make_person
from tests.mailings.arrange import make_new_year, make_readers, online_only, plan
from tests.registration.arrange import application, entrant

TODAY = NOW.date()


@pytest.fixture
def actor_id(app):
    sign_in_to(app, Role.EVENT_MANAGER)
    return 1


def found(session, event, wanted, kind=MailingKind.NOTICE):
    return audience.selection(session, event, wanted, kind=kind, now=NOW)


def numbers(selection):
    return [one.subject_id for one in selection.chosen]


def send(session, mailing, actor_id, event):
    seen = service.seen(found(session, event, audience.from_json(mailing.audience), MailingKind(mailing.kind)))
    return service.send(session, mailing_id=mailing.id, seen_readers=seen, actor_id=actor_id, now=NOW)


def letters_of(session, mailing_id):
    return session.scalars(select(Letter).where(Letter.mailing_id == mailing_id).order_by(Letter.id)).all()


def test_the_filter_finds_applications_through_their_people(session):
    event = make_new_year(session, venue=2, online=5)
    make_organisation(session, "株式会社会員", "カイイン")
    made = [
        registrations.register(
            session, application(event, *people, **({"email": f"{index}@example.jp"} | values)), now=NOW
        )
        for index, (people, values) in enumerate(
            [
                ((entrant(event), entrant(event, 1)), {"organisation_name": "株式会社会員", "claim": Claim.MEMBER}),
                ((online_only(event, 2),), {}),
                ((entrant(event, 3),), {}),
                ((entrant(event), online_only(event, 1)), {"email": ""}),
            ]
        )
    ]
    session.add(AttendeeTag(attendee_id=made[1].attendees[0].id, tag="来賓"))
    session.scalars(select(Attendee).where(Attendee.registration_id == made[0].id)).first().paid_at = NOW
    session.flush()
    one, two, three, four = (registration.id for registration in made)
    part = event.parts[0].id
    expected = {
        Audience(): [one, two, three],
        Audience(Filter(show=Show.WAITING)): [three],
        Audience(mode=Mode.ONLINE): [two],
        Audience(Filter(part_id=part), mode=Mode.ONSITE): [one, three],
        Audience(Filter(category=PriceCategory.MEMBER)): [one],
        Audience(Filter(paying=Paying.PAID)): [one],
        Audience(Filter(tag="来賓")): [two],
        Audience(ids=(made[2].attendees[0].id, made[1].attendees[0].id)): [two, three],
        Audience(Filter(show=Show.CANCELLED)): [],
    }
    assert {wanted: numbers(found(session, event, wanted)) for wanted in expected} == expected
    assert {wanted: audience.from_json(audience.to_json(wanted)) for wanted in expected} == {
        wanted: wanted for wanted in expected
    }
    everybody = found(session, event, Audience())
    assert [(person.subject_id, reason) for person, reason in everybody.left_out] == [(four, LeftOut.NO_ADDRESS)]


def test_announcements_reach_those_who_agreed_here_there_and_in_the_directory(session):
    event, other = make_new_year(session), make_new_year(session, slug="other")
    for index, (at, agrees) in enumerate([(other, True), (other, False), (event, True), (other, True)]):
        email = ("a", "b", "c", "c")[index] + "@example.jp"
        registrations.register(session, application(at, entrant(at), email=email, mail_opt_in=agrees), now=NOW)
    company = make_organisation(session)
    for email, agrees in (("d@example.jp", True), ("a@example.jp", True), ("e@example.jp", False)):
        make_person(session, company, email=email).mail_opt_in = agrees
    session.flush()
    wanted = Audience(event_ids=(other.id,), directory=True)
    selection = found(session, event, wanted, MailingKind.ANNOUNCEMENT)
    assert [one.email for one in selection.chosen] == ["a@example.jp", "d@example.jp"]
    assert [(one.email, reason) for one, reason in selection.left_out] == [
        ("b@example.jp", LeftOut.NOT_AGREED),
        ("c@example.jp", LeftOut.REGISTERED),
        ("a@example.jp", LeftOut.SAME_ADDRESS),
    ]


def make_committee(session, *people, until=()):
    """With all of them in it, but for those whose time is over."""
    committee = Committee(name="AI・DX分科会", kana="エーアイ", sort_key="エアイ", terms=[])
    for person in people:
        ends_on = TODAY if person in until else None
        committee.terms.append(CommitteeTerm(person=person, starts_on=dt.date(2026, 4, 1), ends_on=ends_on))
    session.add(committee)
    session.flush()
    return committee


def test_a_committee_s_members_are_invited_if_they_agreed_and_narrow_a_notice(session):
    event, company = make_new_year(session), make_organisation(session)
    names = ("stays", "refuses", "silent", "left", "other")
    people = [make_person(session, company, email=f"{one}@example.jp") for one in names]
    said = Word(ConsentSource.MAIL, TODAY)
    for person in people[:2]:
        consents.give(person, ConsentPurpose.MAIL, said)
    consents.withdraw(people[1], ConsentPurpose.MAIL, said)
    committee = make_committee(session, *people[:4], until=people[3:4])
    wanted = Audience(committee_ids=(committee.id,))

    invited = found(session, event, wanted, MailingKind.ANNOUNCEMENT)
    assert [one.email for one in invited.chosen] == ["stays@example.jp"]
    assert [(one.email, reason) for one, reason in invited.left_out] == [
        ("refuses@example.jp", LeftOut.NOT_AGREED),
        ("silent@example.jp", LeftOut.NOT_AGREED),
    ]

    for email in ("stays@example.jp", "other@example.jp"):
        registrations.register(session, application(event, email=email), now=NOW)
    assert [one.email for one in found(session, event, wanted).chosen] == ["stays@example.jp"]


def test_a_letter_to_a_committee_reaches_no_colleague_of_its_member(session):
    event = make_new_year(session)
    member = make_person(session, make_organisation(session), email="member@example.jp")
    committee = make_committee(session, member)
    sent = application(event, entrant(event), entrant(event, 1), email=member.email, tells_attendees=True)
    made = registrations.register(session, sent, now=NOW)
    for person, email in zip(made.attendees, (member.email, "colleague@example.jp"), strict=True):
        person.email = email
    session.flush()

    everybody = found(session, event, Audience())
    assert [one.email for one in everybody.chosen] == ["member@example.jp", "colleague@example.jp"]
    theirs = found(session, event, Audience(committee_ids=(committee.id,)))
    assert [one.email for one in theirs.chosen] == ["member@example.jp"]


def test_each_reader_gets_a_letter_of_their_own_once_in_their_language(app, session, actor_id):
    event, made = make_readers(session, 3, title_en="New Year")
    wanted = plan(subject_en="About {event}", body_en="Dear {name}\n{number}\n")
    mailing = service.draft(session, wanted, event_id=event.id, actor_id=actor_id, now=NOW)
    assert send(session, mailing, actor_id, event) == 3
    with pytest.raises(service.NotADraft):
        send(session, mailing, actor_id, event)
    writing.write_batch(session, mailing.id, now=NOW)
    writing.write_batch(session, mailing.id, now=NOW)
    letters = letters_of(session, mailing.id)
    assert [(letter.to_email, letter.language, letter.subject, letter.is_bulk) for letter in letters] == [
        ("reader0@example.jp", "ja", "件名(令和9年新春講演会・賀詞交歓会)", True),
        ("reader1@example.jp", "en", "About New Year", True),
        ("reader2@example.jp", "ja", "件名(令和9年新春講演会・賀詞交歓会)", True),
    ]
    assert "山田 太郎 様(参加証番号 0001-1)" in letters[0].body
    assert "山田 太郎" not in letters[2].body
    assert letters[1].body == "Dear 総務 花\n0002\n"
    assert (mailing.state, made[0].id) == (MailingState.WRITTEN, letters[0].subject_id)


def test_who_applied_since_staff_looked_is_not_written_to_unseen(session, actor_id):
    event, _made = make_readers(session, 2)
    mailing = service.draft(session, plan(), event_id=event.id, actor_id=actor_id, now=NOW)
    seen = service.seen(found(session, event, Audience()))
    registrations.register(session, application(event, entrant(event), email="late@example.jp"), now=NOW)
    with pytest.raises(service.ReadersChanged) as caught:
        service.send(session, mailing_id=mailing.id, seen_readers=seen, actor_id=actor_id, now=NOW)
    assert caught.value.details == {"count": 3}
    assert mailing.state == MailingState.DRAFT


def test_a_draft_for_nobody_is_not_sent(session, actor_id):
    event, _made = make_readers(session, 1)
    wanted = plan(audience=Audience(Filter(show=Show.CANCELLED)))
    mailing = service.draft(session, wanted, event_id=event.id, actor_id=actor_id, now=NOW)
    with pytest.raises(service.NobodyToWriteTo):
        send(session, mailing, actor_id, event)


def test_stopping_keeps_back_what_has_not_gone_out_and_says_so(app, session, actor_id, monkeypatch, time_machine):
    time_machine.move_to(NOW, tick=False)
    monkeypatch.setattr(writing, "BATCH", 3)
    event, _made = make_readers(session, 5)
    mailing_id = service.draft(session, plan(), event_id=event.id, actor_id=actor_id, now=NOW).id
    send(session, session.get_one(Mailing, mailing_id), actor_id, event)
    for letter in session.scalars(select(Letter)):
        letter.state = LetterState.CANCELLED
    session.commit()
    assert writing.write_next(app)
    assert deliver_next(app, "worker")
    with transaction() as session:
        assert service.stop(session, mailing_id=mailing_id, actor_id=actor_id, now=NOW) == 4
    assert not writing.write_next(app)
    progress = queries.progress(session, [mailing_id])[mailing_id]
    assert (progress.kept, progress.under_way, progress.left_out, dict(progress.letters)) == (
        1,
        0,
        2,
        {LetterState.KEPT: 1, LetterState.CANCELLED: 2},
    )
    assert queries.left_out(session, mailing_id) == {LeftOut.STOPPED: 2}
    with pytest.raises(service.NotUnderWay):
        service.stop(session, mailing_id=mailing_id, actor_id=actor_id, now=NOW + dt.timedelta(hours=1))


@pytest.mark.both_databases
def test_a_reader_whose_letter_cannot_be_made_holds_up_nobody(app, session, actor_id, monkeypatch):
    event, made = make_readers(session, 3)
    mailing = service.draft(session, plan(), event_id=event.id, actor_id=actor_id, now=NOW)
    send(session, mailing, actor_id, event)
    whole = writing.letter_for

    def failing(session, mailing, reader):
        if reader.subject_id == made[1].id:
            raise RuntimeError
        return whole(session, mailing, reader)

    monkeypatch.setattr(writing, "letter_for", failing)
    writing.write_batch(session, mailing.id, now=NOW)
    assert [letter.subject_id for letter in letters_of(session, mailing.id)] == [made[0].id, made[2].id]
    assert queries.left_out(session, mailing.id) == {LeftOut.GONE: 1}
