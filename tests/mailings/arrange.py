"""Events with readers of letters, and mailings to them."""

from eventops.events.models import Mode
from eventops.mailings.audience import Audience
from eventops.mailings.models import MailingKind
from eventops.mailings.service import Plan, Words
from eventops.registration import service
from tests.factories import NOW
from tests.registration.arrange import application, entrant, make_new_year


def register(session, event, *entrants, **values):
    """An application in Japanese of a company that is not in the directory."""
    return service.register(session, application(event, *entrants, **values), now=values.pop("at", NOW))


def make_readers(session, number=3, **values):
    """The new-year event with this many applications of one person each; the second reads English."""
    event = make_new_year(session, **values)
    made = [
        register(
            session,
            event,
            entrant(event, index),
            email=f"reader{index}@example.jp",
            organisation_name=f"株式会社{index}",
            language="en" if index == 1 else "ja",
        )
        for index in range(number)
    ]
    return event, made


def online_only(event, index=0):
    return entrant(event, index, parts=(1,), mode=Mode.ONLINE)


def plan(kind=MailingKind.NOTICE, *, subject="件名({行事名})", body="{氏名} 様\n\n{お申込み内容}\n", **values):
    english = {"subject_en": values.pop("subject_en", ""), "body_en": values.pop("body_en", "")}
    return Plan(kind, Words(subject, body, **english), values.pop("audience", Audience()), **values)


__all__ = ["NOW", "make_new_year", "make_readers", "online_only", "plan", "register"]
