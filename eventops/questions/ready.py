"""Sets of questions that come with the program; they are copied into events and changed there."""

from dataclasses import dataclass

from eventops.events.models import EventKind
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import YES, Asked, Option


@dataclass(frozen=True, slots=True)
class ReadySet:
    """Questions under a key; `kinds` are the events for which it is proposed first."""

    key: str
    questions: tuple[Asked, ...]
    kinds: frozenset[EventKind] = frozenset()


def _options(*words: tuple[str, str, str]) -> tuple[Option, ...]:
    return tuple(Option(*one) for one in words)


_GOLF = (
    Asked(
        code="golf_gender",
        kind=QuestionKind.ONE,
        label="性別",
        label_en="Gender",
        help="組合せとティーの決定に使います。",
        help_en="Used for the groups and the tees.",
        options=_options(("male", "男性", "Male"), ("female", "女性", "Female")),
    ),
    Asked(
        code="golf_birth_date",
        kind=QuestionKind.BIRTH,
        label="生年月日",
        label_en="Date of birth",
        help="70歳以上と18歳未満の方はゴルフ場利用税が非課税です。当日、証明できるものをお持ちください。",
        help_en="No golf course tax is due from 70 and under 18; please bring a proof of age.",
        is_required=True,
        is_sensitive=True,
    ),
    Asked(
        code="golf_average_score",
        kind=QuestionKind.NUMBER,
        label="平均スコア",
        label_en="Average score",
        help="18ホールの平均。おおよその数で構いません。",
        help_en="Over 18 holes; an estimate will do.",
        least=60,
        most=250,
        is_required=True,
    ),
    Asked(
        code="golf_handicap",
        kind=QuestionKind.NUMBER,
        label="公式ハンディキャップ",
        label_en="Official handicap",
        help="お持ちの方のみ。",
        help_en="If you have one.",
        least=-10,
        most=54,
        decimals=1,
    ),
    Asked(
        code="golf_first_time",
        kind=QuestionKind.YES_NO,
        label="このコンペには初めて参加しますか",
        label_en="Is this your first time in this competition?",
        is_required=True,
    ),
    Asked(
        code="golf_phone",
        kind=QuestionKind.SHORT,
        label="当日の電話番号",
        label_en="Phone number on the day",
        is_required=True,
    ),
    Asked(
        code="golf_address",
        kind=QuestionKind.SHORT,
        label="ご住所",
        label_en="Address",
        help="ゴルフ場への届けに必要です。",
        help_en="The golf club asks for it.",
        is_required=True,
        is_sensitive=True,
    ),
    Asked(
        code="golf_transport",
        kind=QuestionKind.ONE,
        label="交通",
        label_en="How you come",
        is_required=True,
        options=_options(
            ("car", "自家用車", "Own car"),
            ("car_with_seats", "自家用車(同乗可)", "Own car, with seats for others"),
            ("wants_seat", "乗り合い希望", "Looking for a seat in a car"),
            ("bus", "送迎バス", "Shuttle bus"),
        ),
    ),
    Asked(
        code="golf_seats",
        kind=QuestionKind.NUMBER,
        label="同乗できる人数",
        label_en="Seats for others",
        is_required=True,
        least=1,
        most=7,
        after_code="golf_transport",
        after_values=("car_with_seats",),
    ),
    Asked(
        code="golf_pick_up",
        kind=QuestionKind.SHORT,
        label="乗車を希望する駅",
        label_en="Station where you would like to be picked up",
        is_required=True,
        after_code="golf_transport",
        after_values=("wants_seat", "bus"),
    ),
    Asked(
        code="golf_party",
        kind=QuestionKind.YES_NO,
        label="懇親会・表彰式に参加しますか",
        label_en="Will you join the party and the prize-giving?",
        is_required=True,
    ),
    Asked(
        code="golf_wishes",
        kind=QuestionKind.LONG,
        label="組合せの希望",
        label_en="Wishes about your group",
        help="早いスタートの希望、同じ組にしたい方など。ご希望に添えないことがあります。",
        help_en="An early start, people you would like to play with. We cannot always meet them.",
    ),
    Asked(
        code="golf_emergency",
        kind=QuestionKind.SHORT,
        label="緊急連絡先(氏名・続柄・電話)",
        label_en="Emergency contact (name, relation, phone)",
        is_required=True,
        is_sensitive=True,
    ),
)

_FOOD = (
    Asked(
        code="allergies",
        kind=QuestionKind.SEVERAL,
        label="食物アレルギー",
        label_en="Food allergies",
        help="該当するものをすべてお選びください。調理の方と担当の職員だけが見て、行事の後に消去します。",
        help_en="Choose all that apply. Seen by the kitchen and the staff in charge alone; erased after the event.",
        is_sensitive=True,
        options=_options(
            ("egg", "卵", "Egg"),
            ("milk", "乳", "Milk"),
            ("wheat", "小麦", "Wheat"),
            ("buckwheat", "そば", "Buckwheat"),
            ("peanut", "落花生", "Peanut"),
            ("shrimp", "えび", "Shrimp"),
            ("crab", "かに", "Crab"),
            ("walnut", "くるみ", "Walnut"),
            ("other", "その他", "Other"),
        ),
    ),
    Asked(
        code="allergies_other",
        kind=QuestionKind.SHORT,
        label="その他のアレルギー",
        label_en="Other allergies",
        is_required=True,
        is_sensitive=True,
        after_code="allergies",
        after_values=("other",),
    ),
    Asked(
        code="diet",
        kind=QuestionKind.ONE,
        label="お食事の種類",
        label_en="Diet",
        is_sensitive=True,
        options=_options(
            ("vegetarian", "ベジタリアン", "Vegetarian"),
            ("vegan", "ヴィーガン", "Vegan"),
            ("halal", "ハラール", "Halal"),
        ),
    ),
    Asked(
        code="no_alcohol",
        kind=QuestionKind.YES_NO,
        label="アルコールをお飲みになりますか",
        label_en="Do you drink alcohol?",
    ),
)

_EXHIBITION = (
    Asked(
        code="exhibits",
        kind=QuestionKind.YES_NO,
        of=AskedOf.APPLICATION,
        label="製品・技術のパネルを展示しますか",
        label_en="Will you show a panel about your products or technology?",
        is_required=True,
    ),
    Asked(
        code="exhibit_title",
        kind=QuestionKind.SHORT,
        of=AskedOf.APPLICATION,
        label="展示の題名",
        label_en="Title of the panel",
        is_required=True,
        after_code="exhibits",
        after_values=(YES,),
    ),
    Asked(
        code="exhibit_power",
        kind=QuestionKind.NUMBER,
        of=AskedOf.APPLICATION,
        label="必要な電源(W)",
        label_en="Power needed (W)",
        help="使わない場合は0",
        help_en="0 if none",
        least=0,
        most=3000,
        after_code="exhibits",
        after_values=(YES,),
    ),
    Asked(
        code="exhibit_panel",
        kind=QuestionKind.FILE,
        of=AskedOf.APPLICATION,
        label="パネルの原稿",
        label_en="Draft of the panel",
        after_code="exhibits",
        after_values=(YES,),
    ),
)

READY = (
    ReadySet("golf", _GOLF, frozenset({EventKind.GOLF})),
    ReadySet("food", _FOOD, frozenset({EventKind.NEW_YEAR, EventKind.SOCIAL, EventKind.SALON})),
    ReadySet("exhibition", _EXHIBITION, frozenset({EventKind.TECHNOLOGY_EXCHANGE})),
)


def ready_set(key: str) -> ReadySet | None:
    return next((one for one in READY if one.key == key), None)


def proposed(kind: str) -> list[ReadySet]:
    """All of them, those for this kind of event first."""
    return sorted(READY, key=lambda one: kind not in one.kinds)
