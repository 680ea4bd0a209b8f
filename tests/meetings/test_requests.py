"""Which applications of the demonstration become meetings, and what is found among them."""

from sqlalchemy.orm import Session

from eventops.meetings.models import Application, ApplicationState, Exclusion
from eventops.meetings.rules import Standing
from eventops.meetings.wishes import requests
from tests.meetings.sheets import load_round


def test_150_of_170_applications_become_meetings(session: Session) -> None:
    found = load_round(session, "needs", "applications")

    listed = requests.request_list(session, found.id)

    assert len(requests.requests_of(session, found.id)) == 150
    assert len({request.organisation_id for request in listed.requests}) == 75
    assert dict(listed.standings) == {
        Standing.ACCEPTED: 150,
        Standing.DECLINED: 12,
        Standing.WITHDRAWN: 5,
        Standing.DUPLICATE: 3,
    }
    assert (listed.total, list(listed.duplicates), list(listed.waiting)) == (170, [], [])


def test_duplicates_that_nobody_has_merged_yet_are_found_and_not_counted(session: Session) -> None:
    found = load_round(session, "needs", "applications")
    for application in session.query(Application).filter_by(state=ApplicationState.DUPLICATE):
        application.state = ApplicationState.RECEIVED
    session.flush()

    listed = requests.request_list(session, found.id)

    codes = {(pair.first.code, pair.later.code) for pair in listed.duplicates}
    assert codes == {("A002", "A140"), ("A031", "A084"), ("A055", "A100")}
    assert len(listed.requests) == 150


def test_an_excluded_company_is_left_out_by_name(session: Session) -> None:
    found = load_round(session, "needs", "applications")
    first = requests.requests_of(session, found.id)[0]
    session.add(Exclusion(need_id=first.need_id, organisation_id=first.organisation_id, reason="既存取引先"))
    session.flush()

    listed = requests.request_list(session, found.id)

    assert [doubt.application.code for doubt in listed.exclusions] == [first.code]
    assert len(listed.requests) == 149
    assert first not in listed.requests
