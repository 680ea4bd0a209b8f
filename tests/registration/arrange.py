"""Events to register for, and applications as the form would make them."""

from eventops.events.models import EventKind, Fee, Mode, PartKind, PriceCategory
from eventops.registration.commands import Application, Claim, Entrant, PersonDetails
from eventops.registration.models import IfFull, PaymentMethod
from tests.factories import NOW, make_event, make_part

NAMES = (
    ("山田", "太郎", "ヤマダ", "タロウ"),
    ("佐藤", "花子", "サトウ", "ハナコ"),
    ("高橋", "一郎", "タカハシ", "イチロウ"),
    ("伊藤", "次郎", "イトウ", "ジロウ"),
)


def make_new_year(session, *, venue=100, online=100, party=100, **values):
    """The new-year event: a lecture at the venue and online, a party at the venue, one fee for whoever comes."""
    fields = {"slug": "newyear", "title": "令和9年新春講演会・賀詞交歓会", "kind": EventKind.NEW_YEAR}
    event = make_event(session, **(fields | values))
    make_part(session, event, title="第1部 新春講演会", hours=(17, 18), onsite=venue, online=online)
    make_part(session, event, title="第2部 懇親会", kind=PartKind.SOCIAL, hours=(19, 21), onsite=party)
    for category, yen in ((PriceCategory.MEMBER, 3000), (PriceCategory.GENERAL, 5000)):
        session.add(Fee(event_id=event.id, category=category, mode=Mode.ONSITE, yen=yen))
    session.flush()
    session.expire(event, ["fees"])
    return event


def entrant(event, index=0, *, parts=None, mode=Mode.ONSITE, **values):
    """An attendee who wishes to take part in all parts at the venue, or in the numbered ones."""
    family, given, family_kana, given_kana = NAMES[index % len(NAMES)]
    chosen = [part for number, part in enumerate(event.parts, start=1) if parts is None or number in parts]
    details = PersonDetails(family_name=family, given_name=given, family_kana=family_kana, given_kana=given_kana)
    return Entrant(details=details, wishes={part.id: mode for part in chosen}, **values)


def application(event, *entrants, **values):
    """One application of a company that is not in the directory."""
    fields = {
        "event_id": event.id,
        "organisation_name": "株式会社海辺工業",
        "organisation_kana": "ウミベコウギョウ",
        "claim": Claim.GENERAL,
        "applicant_name": "総務 花",
        "applicant_kana": "ソウム ハナ",
        "email": "soumu@umibe.example.jp",
        "phone": "00-1234-5678",
        "if_full": IfFull.WAIT,
        "payment_method": PaymentMethod.BANK_TRANSFER,
        "entrants": entrants or (entrant(event),),
    }
    return Application(**(fields | values))


__all__ = ["NOW", "application", "entrant", "make_new_year"]
