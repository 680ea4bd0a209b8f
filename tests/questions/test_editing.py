"""Staff write the questions of an event: by kind, in order, with conditions, from sets and with the event's copy."""

import datetime as dt
import re

import pytest

from eventops.accounts.models import Role
from eventops.database import transaction
from eventops.events import copying
from eventops.events import queries as event_queries
from eventops.events import service as event_service
from eventops.questions import queries, rules, service
from eventops.questions.models import Answer
from eventops.registration import service as registration_service
from tests.factories import NOW
from tests.questions.arrange import ALLERGIES, QUESTIONS, golf, ids_of, make_asking_event
from tests.registration.arrange import application


@pytest.fixture
def manager(sign_in):
    return sign_in(Role.EVENT_MANAGER)


def make(app, questions=()):
    with app.app_context(), transaction() as session:
        event, ids = make_asking_event(session, questions=questions)
        return event.id, ids


def asked(app, event_id):
    with app.app_context(), transaction() as session:
        return queries.asked(session, event_id)


def sentences(page):
    return re.findall(r'class="field-error".*?<span>(.*?)</span>', page.text, flags=re.S)


def test_a_choice_is_written_with_its_options_and_asked_on_the_form(app, client, manager):
    event_id, _ids = make(app)
    url = f"/staff/events/{event_id}/questions"
    fields = {
        "label": "交通手段",
        "asked_of": "person",
        "is_required": "y",
        "options-0-label": "電車",
        "options-1-label": "自家用車",
        "options-1-label_en": "Car",
    }

    assert manager.post(f"{url}/new?kind=one", data=fields).status_code == 302

    (one,) = asked(app, event_id)
    assert (one.code, one.label, one.keys, one.is_required) == ("q1", "交通手段", ("o1", "o2"), True)
    assert "交通手段" in manager.get(url).text
    assert f'name="attendees-0-q_{one.id}"' in client.get("/e/m08/apply").text


def test_a_later_change_of_words_keeps_the_keys_of_options(app, manager):
    event_id, ids = make(app, [ALLERGIES])
    fields = {
        "label": "食物アレルギー",
        "asked_of": "person",
        "is_sensitive": "y",
        "options-0-key": "milk",
        "options-0-label": "乳製品",
        "options-1-key": "egg",
        "options-1-label": "鶏卵",
        "options-2-key": "made-up key",
        "options-2-label": "小麦",
    }

    assert manager.post(f"/staff/events/{event_id}/questions/{ids['allergies']}", data=fields).status_code == 302

    (one,) = asked(app, event_id)
    assert [(option.key, option.label) for option in one.options] == [
        ("milk", "乳製品"),
        ("egg", "鶏卵"),
        ("o1", "小麦"),
    ]


def test_conditions_come_from_one_earlier_question(app, manager):
    event_id, ids = make(app, QUESTIONS)
    url = f"/staff/events/{event_id}/questions/{ids['score']}"
    fields = {"label": "平均スコア", "asked_of": "person"}

    two = manager.post(url, data=fields | {"after": ["transport=car", "allergies=egg"]})
    made_up = manager.post(url, data=fields | {"after": ["transport=plane"]})
    assert manager.post(url, data=fields | {"after": ["transport=car", "transport=bus"]}).status_code == 302

    assert sentences(two) == ["条件は1つの質問から選んでください。"]
    assert made_up.status_code == 422
    score = next(one for one in asked(app, event_id) if one.code == "score")
    assert (score.after_code, score.after_values) == ("transport", ("car", "bus"))
    assert "「交通」で「自家用車・送迎バス」を選んだ方" in manager.get(f"/staff/events/{event_id}/questions").text


def test_what_cannot_be_asked_is_said_beside_the_field_and_stays_typed(app, manager):
    event_id, _ids = make(app)
    url = f"/staff/events/{event_id}/questions/new"

    choice = manager.post(f"{url}?kind=several", data={"asked_of": "person", "options-0-label": "1つだけ"})
    number = manager.post(f"{url}?kind=number", data={"label": "人数", "asked_of": "person", "least": "9", "most": "1"})

    assert (choice.status_code, sentences(choice)) == (422, ["入力してください。", "選択肢を2つ以上入力してください。"])
    assert 'value="1つだけ"' in choice.text
    assert sentences(number) == ["最大は最小以上にしてください。"]
    assert manager.get(f"{url}?kind=poem").status_code == 404
    assert asked(app, event_id) == ()


def test_questions_are_put_in_order(app, manager):
    event_id, ids = make(app, QUESTIONS[:3])
    url = f"/staff/events/{event_id}/questions/{ids['allergies']}/move"

    manager.post(url, data={"way": "up"})
    assert [one.code for one in asked(app, event_id)] == ["transport", "allergies", "station"]
    manager.post(url, data={"way": "up"})
    manager.post(url, data={"way": "up"})
    assert [one.code for one in asked(app, event_id)] == ["allergies", "transport", "station"]


def test_what_was_answered_is_retired_and_can_be_taken_up_again(app, manager):
    event_id, ids = make(app, QUESTIONS)
    url = f"/staff/events/{event_id}/questions"
    with app.app_context(), transaction() as session:
        one = registration_service.register(session, application(event_queries.event(session, event_id)), now=NOW)
        session.add(
            Answer(question_id=ids["score"], registration_id=one.id, attendee_id=None, values=["90"], answered_at=NOW)
        )

    held = manager.post(f"{url}/{ids['transport']}/remove", follow_redirects=True)
    manager.post(f"{url}/{ids['birth']}/remove")
    kept = manager.post(f"{url}/{ids['score']}/remove", follow_redirects=True)

    assert "「乗車駅」がこの質問の答えを条件にしています" in held.text
    assert "これまでの回答は残っています" in kept.text
    with app.app_context(), transaction() as session:
        assert {"transport", "score"} <= set(ids_of(session, event_id))
        assert "birth" not in ids_of(session, event_id)
    assert "score" not in {one.code for one in asked(app, event_id)}
    manager.post(f"{url}/{ids['score']}/take-up")
    assert asked(app, event_id)[-1].code == "score"


def test_the_golf_set_is_copied_once_and_kept_under_a_name(app, manager):
    event_id, _ids = make(app)
    url = f"/staff/events/{event_id}/questions"

    first = manager.post(f"{url}/copy-set", data={"which": "ready-golf"}, follow_redirects=True)
    second = manager.post(f"{url}/copy-set", data={"which": "ready-golf"}, follow_redirects=True)
    manager.post(f"{url}/keep-set", data={"name": "ゴルフ2026"})

    assert f"{len(golf())}問を加えました" in first.text
    assert "このセットの質問は、すべて入っています。" in second.text
    assert [one.code for one in asked(app, event_id)] == [one.code for one in golf()]
    with app.app_context(), transaction() as session:
        (row,) = queries.sets(session)
        assert [queries.from_json(data).label for data in row.questions] == [one.label for one in golf()]
    manager.post(f"{url}/sets/{row.id}/drop")
    assert (
        "ゴルフ2026" not in manager.get(url).text.partition("質問セットから加える")[2].partition("セットとして保存")[0]
    )


def test_codes_that_are_taken_are_changed_and_conditions_follow(app):
    event_id, _ids = make(app, QUESTIONS[:2])
    other = [rules.Asked(**_changed(one, label=f"別の{one.label}")) for one in QUESTIONS[:2]]

    with app.app_context(), transaction() as session:
        service.copy_in(session, event_id=event_id, questions=other, actor_id=None, now=NOW)

    assert [(one.code, one.after_code) for one in asked(app, event_id)] == [
        ("transport", ""),
        ("station", "transport"),
        ("q1", ""),
        ("q2", "q1"),
    ]


def _changed(question, **values):
    return {name: getattr(question, name) for name in question.__slots__} | values


def test_a_copied_event_brings_its_questions(app):
    event_id, _ids = make(app, QUESTIONS)
    with app.app_context(), transaction() as session:
        source = event_queries.plan_of(event_queries.event(session, event_id))
        plan = copying.copied(source, held_on=dt.date(2028, 1, 14), slugs={"m08"}, codes={"M08"})
        copy_id = event_service.create(session, plan=plan, actor_id=None, now=NOW, copied_from_id=event_id).id

    copied, originals = asked(app, copy_id), asked(app, event_id)
    assert [_changed(one, id=0) for one in copied] == [_changed(one, id=0) for one in originals]
    assert {one.id for one in copied}.isdisjoint({one.id for one in originals})
