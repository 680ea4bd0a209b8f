"""会員優先: members apply first, others from a day on."""

import datetime as dt

import pytest

from eventops.events.models import Eligibility
from eventops.registration import service
from eventops.registration.commands import Claim
from eventops.registration.refusals import MembersFirst
from tests.factories import NOW, make_event, make_organisation, make_part
from tests.registration.arrange import application


def test_others_wait_for_their_day(session):
    opens = NOW + dt.timedelta(7)
    event = make_event(session, eligibility=Eligibility.MEMBERS_FIRST, general_opens_at=opens)
    make_part(session, event)
    make_organisation(session)
    member = application(event, organisation_name="株式会社青空精密", claim=Claim.MEMBER)

    with pytest.raises(MembersFirst) as refused:
        service.register(session, application(event), now=opens - dt.timedelta(seconds=1))

    assert refused.value.details["opens"] == "令和8年11月28日(土) 10:00"
    assert service.register(session, member, now=NOW).number == 1
    assert service.register(session, application(event), now=opens).number == 2
