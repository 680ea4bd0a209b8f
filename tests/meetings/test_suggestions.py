"""Suggested pairs: the arithmetic, whom they leave out, and what one click does with them."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from eventops import clock
from eventops.accounts.models import Role
from eventops.database import db, transaction
from eventops.directory.models import Organisation
from eventops.mail.models import Letter
from eventops.meetings import letter_keys
from eventops.meetings.models import Application, Exclusion, Need
from eventops.meetings.suggesting import offers, pairs, service, similarity
from eventops.meetings.suggesting.pairs import Offered, Sought
from eventops.meetings.wishes.service import Act
from tests.factories import NOW, make_organisation, make_person
from tests.meetings.sheets import make_round
from tests.meetings.test_service import apply, make_need

DRILLING = Sought(1, ("微細加工", "レーザー加工"), "耐熱合金部品の冷却穴の穴あけ加工")
SUMI = Offered(11, ("微細加工",), "耐熱合金の微細な穴あけ加工の実績があります")
ROPES = Offered(12, ("繊維",), "ロープと網を編みます")


def test_a_text_is_most_like_itself_and_unlike_what_shares_nothing() -> None:
    weights = similarity.corpus([DRILLING.text, SUMI.text, ROPES.text])
    one, two, three = (weights.vector(text) for text in (DRILLING.text, SUMI.text, ROPES.text))

    assert similarity.likeness(one, one) == pytest.approx(1)
    assert 0 < similarity.likeness(one, two) < 1
    assert similarity.likeness(one, three) == 0
    assert similarity.likeness(one, two) == similarity.likeness(two, one)


def test_widths_and_particles_make_no_difference() -> None:
    assert similarity.terms("ﾚｰｻﾞｰ加工のＥＭＣ対策") == similarity.terms("レーザー加工とEMC対策")


def test_an_empty_text_is_like_nothing() -> None:
    assert similarity.corpus([""]).vector("") == {}


def test_the_reason_is_shared_tags_and_shared_words() -> None:
    others = [Offered(number, (), f"部品の検査装置{number}型") for number in range(30, 40)]

    found = pairs.suggest([DRILLING], [SUMI, ROPES, *others], most=5)

    assert [(one.company_id, one.tags) for one in found] == [(11, ("微細加工",))]
    assert ("耐熱合金" in found[0].terms, "部品" in found[0].terms) == (True, False)


def test_barred_companies_are_left_out_and_the_number_is_kept() -> None:
    crowd = [Offered(number, DRILLING.tags, DRILLING.text) for number in range(20, 30)]
    barred = Sought(1, DRILLING.tags, DRILLING.text, barred={20})

    assert [one.company_id for one in pairs.suggest([barred], crowd, most=3)] == [21, 22, 23]


@pytest.fixture
def event_id(app: Flask) -> int:
    """A need, and five companies with its technology of which two may be invited."""
    with app.app_context(), transaction() as session:
        found = make_round(session)
        need = make_need(session, found, "N01")
        need.required_tags, need.excluded = ["微細加工"], "商社経由の提案は対象外"
        for place, name in enumerate(("株式会社青", "株式会社赤", "株式会社黄", "株式会社白", "白物産株式会社")):
            company = make_organisation(session, name, "アオ")
            company.technology_tags = ["微細加工"]
            person = make_person(session, company, email=f"p{place}@example.jp")
            person.mail_opt_in = place != 0
            if name == "株式会社黄":
                apply(session, need, "A001", company)
            if name == "株式会社白":
                session.add(Exclusion(need_id=need.id, organisation_id=company.id, reason="既存取引先"))
        return found.event_id


def keys(app: Flask) -> dict[str, str]:
    with app.app_context():
        round_id = db.session.scalars(select(Need.round_id)).one()
        return {one.company.name: one.key for one in offers.offers(db.session(), round_id, now=clock.now())}


def test_applicants_excluded_companies_and_trading_firms_are_not_suggested(app: Flask, event_id: int) -> None:
    assert list(keys(app)) == ["株式会社青", "株式会社赤"]


def test_inviting_is_previewed_counted_and_done_once(
    app: Flask, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    manager, here = sign_in(Role.EVENT_MANAGER), f"/staff/events/{event_id}/matching/suggestions"
    chosen = {"pair": list(keys(app).values())}

    preview = manager.post(f"{here}/preview", data=chosen).text
    assert ("1社に送信" in preview, "p1@example.jp" in preview, "p0@example.jp" in preview) == (True, True, False)
    with app.app_context():
        assert db.session.scalars(select(Letter)).all() == []

    for _again in range(2):
        manager.post(f"{here}/invite", data=chosen)

    with app.app_context():
        letter = db.session.scalars(select(Letter)).one()
        assert (letter.to_email, letter.is_announcement) == ("p1@example.jp", True)
        assert "/e/m08/needs/N01/apply" in letter.body
    assert "案内済み" in manager.get(here).text


def test_a_suggestion_becomes_an_application_that_waits_for_the_company(
    app: Flask, sign_in: Callable[[Role], FlaskClient], event_id: int
) -> None:
    manager, here = sign_in(Role.EVENT_MANAGER), f"/staff/events/{event_id}/matching/suggestions"
    key = keys(app)["株式会社赤"]

    assert manager.post(f"{here}/add", data={"pair": key}).status_code == 302
    assert manager.post(f"{here}/add", data={"pair": key}).status_code == 422

    with app.app_context():
        made = db.session.scalars(select(Application).where(Application.code == "A002")).one()
        assert (made.organisation.name, made.rating, made.is_recommended) == ("株式会社赤", None, True)
        assert [one.reason for one in made.recommendations] == ["技術分野が合います: 微細加工"]
        assert db.session.scalars(select(Organisation).where(Organisation.name == "株式会社赤")).one()


def test_the_page_is_for_managers(sign_in: Callable[[Role], FlaskClient], event_id: int) -> None:
    here = f"/staff/events/{event_id}/matching/suggestions"

    assert sign_in(Role.READ_ONLY).get(here).status_code == 403
    assert sign_in(Role.EVENT_MANAGER).get(here).status_code == 200


@pytest.mark.parametrize("change", [{"state": "draft"}, {"state": "asked"}, {"entries_close_at": NOW}])
def test_nobody_is_told_of_a_need_that_takes_no_applications(
    app: Flask, sign_in: Callable[[Role], FlaskClient], event_id: int, change: dict[str, object]
) -> None:
    manager, here = sign_in(Role.EVENT_MANAGER), f"/staff/events/{event_id}/matching/suggestions"
    chosen = {"pair": list(keys(app).values())}
    with app.app_context():
        round_id = db.session.scalars(select(Need.round_id)).one()
        before = service.chosen(db.session(), round_id, chosen["pair"], now=clock.now())
        with transaction() as session:
            for name, value in change.items():
                setattr(session.scalars(select(Need)).one(), name, value)
        with transaction() as session:
            assert service.invite(session, Act(round_id, None, clock.now()), found=before) == 0

    manager.post(f"{here}/invite", data=chosen)
    trial = manager.post(f"{here}/invite", data={**chosen, "act": "trial"}, follow_redirects=True).text

    assert "試し送りをしませんでした" in trial
    with app.app_context():
        assert db.session.scalars(select(Letter)).all() == []


def test_who_applied_meanwhile_is_neither_invited_nor_added(app: Flask, event_id: int) -> None:
    with app.app_context():
        need = db.session.scalars(select(Need)).one()
        act = Act(need.round_id, None, clock.now())
        before = service.chosen(db.session(), need.round_id, list(keys(app).values()), now=act.now)
        with transaction() as session:
            for company in session.scalars(select(Organisation).where(Organisation.technology_tags.is_not(None))):
                if company.name in ("株式会社青", "株式会社赤"):
                    apply(session, session.scalars(select(Need)).one(), f"B{company.id}", company)
        with transaction() as session:
            assert service.invite(session, act, found=before) == 0
        with pytest.raises(service.SuggestionGone), transaction() as session:
            service.add(session, act, found=before[:1], recommender="協会")


def test_a_key_with_a_long_address_fits_its_column_and_stays_one_of_its_own() -> None:
    one, other = (offers.letter_key(1, 2, f"{'a' * 240}{end}@example.jp") for end in "xy")

    assert (len(one) <= letter_keys.MOST, one != other) == (True, True)
    assert offers.letter_key(1, 2, "p@example.jp") == "need_invitation:1:2:p@example.jp"
