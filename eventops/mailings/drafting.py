"""How a mailing begins on the form: the kind's text, the filter of the list that staff came from, and words for it."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import request
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from eventops import clock, searching
from eventops.directory import committees
from eventops.events import notices
from eventops.events.history import Change
from eventops.events.models import Event, EventState, Mode
from eventops.mail import placeholders, texts
from eventops.mailings import audience as audiences
from eventops.mailings import kinds, queries, rules
from eventops.mailings.audience import Audience
from eventops.mailings.forms import MailingForm, numbers
from eventops.mailings.models import Mailing, MailingKind
from eventops.mailings.rules import Candidate, LeftOut, Selection
from eventops.mailings.service import Plan, Words
from eventops.registration import labels
from eventops.registration.listing import roster, roster_asking
from eventops.registration.listing.roster import MARK, Filter, Show
from eventops.registration.models import Registration
from eventops.registration.writing import wording
from eventops.settings import queries as settings_queries

MOST_TICKED = 1_000


def asked_kind() -> MailingKind:
    asked = request.values.get("kind", "")
    return MailingKind(asked) if asked in rules.BY_HAND else MailingKind.NOTICE


def form_for(session: Session, event: Event, kind: MailingKind) -> MailingForm:
    form = MailingForm()
    form.offer(
        event,
        [MARK, *(tag for tag in roster.tags(session, event) if tag != MARK)],
        others=queries.other_events(session, event.id),
        committees={one.id: one.name for one in committees.open_on(session, clock.today())},
        known=kinds.of(kind).known,
    )
    return form


def beginning(session: Session, event: Event, kind: MailingKind) -> Plan:
    """The kind's text in both languages, for those whom the list showed, or who were ticked in it."""
    japanese, english = (
        texts.text(session, kinds.of(kind), event_id=event.id, language=language) for language in ("ja", "en")
    )
    words = Words(japanese.subject, japanese.body, english.subject, english.body)
    return Plan(kind, words, _asked(session, event, kind), with_calendar=kind is MailingKind.EVENT_CHANGED)


def _asked(session: Session, event: Event, kind: MailingKind) -> Audience:
    people = roster_asking.wanted()
    ids = numbers(request.args.get("ids", ""))
    if not ids and (searching.text() or people.door is not None):
        ids = tuple(roster.ids(session, event, people))
    mode = request.args.get("mode", "")
    if kind is MailingKind.THANKS and not request.args.get("show"):
        people = Filter(show=Show.CONFIRMED)
    return Audience(people, Mode(mode) if mode in set(Mode) else None, ids[:MOST_TICKED])


def plan_of(mailing: Mailing) -> Plan:
    """A draft as it was typed."""
    words = Words(mailing.subject, mailing.body, mailing.subject_en, mailing.body_en)
    return Plan(MailingKind(mailing.kind), words, audiences.from_json(mailing.audience), mailing.with_calendar)


def by_reason(selection: Selection) -> Mapping[LeftOut, list[Candidate]]:
    """Who gets no letter, by reason, in the order of the reasons."""
    order = list(LeftOut)
    pairs = sorted(selection.left_out, key=lambda pair: order.index(pair[1]))
    return {reason: [one for one, _reason in group] for reason, group in groupby(pairs, key=lambda pair: pair[1])}


def untold_changes(session: Session, event: Event) -> list[Change]:
    """What changed about an announced event since anybody was told; nothing while nobody is registered."""
    first = session.scalar(select(func.min(Registration.submitted_at)).where(Registration.event_id == event.id))
    if first is None or event.state == EventState.CANCELLED:
        return []
    told = kinds.last_told(session, event.id)
    return [change for notice in notices.since(session, event, told or first) for change in notice.changes]


def subject_words(session: Session, event: Event, mailings: Sequence[Mailing]) -> dict[int, str]:
    """The subjects as their readers see them, as far as that is the same for all."""
    values = wording.about_event(event, settings_queries.organiser(session), language="ja")
    names = {one.name: values[one.english] for one in wording.ABOUT_EVENTS}
    return {one.id: placeholders.fill_line(one.subject, names | values) for one in mailings}


def asked_words(session: Session, event: Event, mailing: Mailing) -> list[str]:
    """The filter in words."""
    audience, kind = audiences.from_json(mailing.audience), MailingKind(mailing.kind)
    if kind is MailingKind.ANNOUNCEMENT:
        return _sources(session, event, audience)
    if audience.ids:
        return [_("選んだ%(count)s名", count=len(audience.ids))]
    return [*_filter_words(event, audience), *_committee_words(session, audience)]


def _committee_words(session: Session, audience: Audience) -> list[str]:
    if not audience.committee_ids:
        return []
    found = (one.name for one in committees.listed(session) if one.id in audience.committee_ids)
    return [_("「%(title)s」のメンバー", title=name) for name in found]


def _sources(session: Session, event: Event, audience: Audience) -> list[str]:
    known = queries.other_events(session, event.id)
    titles = [_("「%(title)s」の申込者", title=known[number]) for number in audience.event_ids if number in known]
    ticked = [_("選んだ%(count)s名", count=len(audience.ids))] if audience.ids else []
    return [
        *ticked,
        *titles,
        *_committee_words(session, audience),
        *([_("名簿で同意している方")] if audience.directory else []),
    ]


def _filter_words(event: Event, audience: Audience) -> list[str]:
    people = audience.people
    parts = {part.id: part.title for part in event.parts}
    found = [
        str(roster_asking.SHOW_WORDS[people.show]) if people.show is not Show.ACTIVE else _("申込者すべて"),
        parts.get(people.part_id or 0, ""),
        str(labels.MODES[audience.mode]) if audience.mode else "",
        str(labels.CATEGORIES[people.category]) if people.category else "",
        str(roster_asking.PAYING_WORDS[people.paying]) if people.paying else "",
        people.tag,
    ]
    return [word for word in found if word]
