"""Events with questions, and what a browser sends to their forms."""

from eventops.events.models import Mode
from eventops.questions import queries, ready, service
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import YES, Asked, Option
from tests.factories import NOW, make_event, make_part

TRANSPORT = Asked(
    code="transport",
    kind=QuestionKind.ONE,
    label="交通",
    is_required=True,
    options=(Option("car", "自家用車"), Option("seat", "乗り合い希望"), Option("bus", "送迎バス")),
)
STATION = Asked(
    code="station",
    kind=QuestionKind.SHORT,
    label="乗車駅",
    is_required=True,
    after_code="transport",
    after_values=("seat", "bus"),
)
ALLERGIES = Asked(
    code="allergies",
    kind=QuestionKind.SEVERAL,
    label="アレルギー",
    is_sensitive=True,
    options=(Option("egg", "卵"), Option("milk", "乳"), Option("other", "その他")),
)
OTHER = Asked(
    code="allergies_other",
    kind=QuestionKind.SHORT,
    label="その他のアレルギー",
    is_required=True,
    is_sensitive=True,
    after_code="allergies",
    after_values=("other",),
)
SCORE = Asked(code="score", kind=QuestionKind.NUMBER, label="平均スコア", least=60, most=250)
BIRTH = Asked(code="birth", kind=QuestionKind.BIRTH, label="生年月日", is_sensitive=True)
EXHIBITS = Asked(
    code="exhibits", kind=QuestionKind.YES_NO, of=AskedOf.APPLICATION, label="展示しますか", is_required=True
)
PANEL = Asked(
    code="panel",
    kind=QuestionKind.FILE,
    of=AskedOf.APPLICATION,
    label="パネルの原稿",
    is_required=True,
    after_code="exhibits",
    after_values=(YES,),
)
QUESTIONS = (TRANSPORT, STATION, ALLERGIES, OTHER, SCORE, BIRTH, EXHIBITS, PANEL)


def make_asking_event(session, questions=QUESTIONS, **values):
    """An event with one party that asks these questions; the ids of the questions by code."""
    event = make_event(session, **values)
    make_part(session, event, title="懇親会", kind="social", hours=(18, 20))
    service.copy_in(session, event_id=event.id, questions=questions, actor_id=None, now=NOW)
    return event, ids_of(session, event.id)


def ids_of(session, event_id):
    return {row.code: row.id for row in queries.of_event(session, event_id, retired=True)}


def golf():
    return ready.ready_set("golf").questions


def typed(event, answers=(), people=({},), **changed):
    """The public form with one person for each of `people`; answers by the name of their field."""
    names = (("山田", "太郎", "ヤマダ", "タロウ"), ("佐藤", "花子", "サトウ", "ハナコ"))
    fields = {
        "organisation_name": "株式会社海辺工業",
        "organisation_kana": "ウミベコウギョウ",
        "claim": "general",
        "email": "soumu@umibe.example.jp",
        "email_again": "soumu@umibe.example.jp",
        "phone": "00-1234-5678",
        "if_full": "wait",
        "privacy": "y",
        **dict(answers),
    }
    for index, row in enumerate(people):
        keys = ("family_name", "given_name", "family_kana", "given_kana")
        person = dict(zip(keys, names[index], strict=True))
        person |= {f"part_{part.id}": Mode.ONSITE for part in event.parts} | row
        fields |= {f"attendees-{index}-{name}": value for name, value in person.items()}
    return fields | changed
