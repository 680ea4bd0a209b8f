"""What the checker, the explainer and the reader of documents found, as sentences in Japanese and English."""

from collections.abc import Callable, Sequence

from scheduling.faults import Fault
from scheduling.reading import shown
from scheduling.solution import Reason, Remedy, Violation

Name = Callable[[str], str]
LONGEST_PATH = 300  # characters of a path that are shown
Said = Violation | Reason | Remedy | Fault


def sentence(said: Said, *, name: Name = str, language: str = "ja") -> str:
    """One sentence without remedies. `name` turns any id (firm, slot, table, request) into what people call it."""
    table = _TABLES[type(said)]
    texts = table.get(_code(said)) or table["?"]
    return texts[_LANGUAGES.index(language)].format_map(_values(said, name, language))


def _code(said: Said) -> str:
    return said.code


def _values(said: Said, name: Name, language: str) -> dict[str, str]:
    if isinstance(said, Fault):
        return {"path": shown(said.path, LONGEST_PATH) or "-", "value": shown(said.value), "code": said.code}
    joint = "・" if language == "ja" else ", "
    place = _LANGUAGES.index(language)
    subjects = [_RULES[one][place] if one in _RULES else name(one) for one in said.subjects]
    values = {
        "code": said.code,
        "who": joint.join(subjects),
        "first": subjects[0] if subjects else "",
        "second": subjects[1] if len(subjects) > 1 else "",
        "rest": joint.join(subjects[1:]),
    }
    if isinstance(said, Remedy):
        values |= {"slots": _span(said.slot_ids, name, language), "gain": _gain(said, language)}
        return values
    values |= {key: str(number) for key, number in said.counts}
    if isinstance(said, Reason):
        values |= {"slots": _span(said.slot_ids, name, language), "free": _counted(said, name, joint)}
    else:
        values |= {"slot": name(said.slot_id) if said.slot_id else "", "table": name(said.table_id)}
    return values


def _counted(reason: Reason, name: Name, joint: str) -> str:
    return joint.join(f"{name(key)} {number}" for key, number in reason.counts)


def _gain(remedy: Remedy, language: str) -> str:
    at_least = {"ja": "少なくとも", "en": "at least "}[language]
    return f"{'' if remedy.is_exact else at_least}{remedy.gain}"


def _span(slot_ids: Sequence[str], name: Name, language: str) -> str:
    if not slot_ids:
        return {"ja": "全時間", "en": "all day"}[language]
    if len(slot_ids) <= 2:
        return ("・" if language == "ja" else ", ").join(name(one) for one in slot_ids)
    return {"ja": "{}から{}まで", "en": "{} to {}"}[language].format(name(slot_ids[0]), name(slot_ids[-1]))


_LANGUAGES = ("ja", "en")
_Texts = dict[str, tuple[str, str]]
_RULES: _Texts = {
    "no_rest": ("続けた後の休み", "rests"),
    "no_transition": ("移動・準備の枠", "time to move"),
    "person_unavailable": ("出席者の都合", "people's availability"),
    "pair_together": ("同じ時間を避ける組", "pairs kept apart in time"),
    "pair_back_to_back": ("前後の枠を避ける組", "competitors not back-to-back"),
    "pair_adjacent": ("隣の卓を避ける組", "competitors not at neighbouring tables"),
    "pair_same_room": ("同じ部屋を避ける組", "competitors not in one room"),
    "pair_order": ("順序の決まり", "order of meetings"),
    "too_many_meetings": ("面談数の上限", "maxima"),
    "does_not_fit": ("続けて必要な枠数", "slots in a row"),
    "participant_unavailable": ("参加できる時間", "availability"),
    "slot_not_wanted": ("希望の枠", "wanted slots"),
    "lock_broken": ("固定", "pins"),
    "frozen_moved": ("開始済みの面談", "meetings that have begun"),
    "request_twice": ("重複", "duplicates"),
}

_VIOLATIONS: _Texts = {
    "unknown": (
        "{first}は、この行事にない枠・卓・面談です。",
        "{first} names a slot, table or request that does not exist.",
    ),
    "request_twice": ("{first}が2回以上入っています。", "{first} is placed more than once."),
    "does_not_fit": (
        "{first}は続けて{length}枠必要で、ここには収まりません。",
        "{first} needs {length} slots in a row.",
    ),
    "slot_not_wanted": ("{first}は{slot}には行えません。", "{first} may not be held at {slot}."),
    "participant_unavailable": ("{rest}は{slot}に参加できません。", "{rest} is not available at {slot}."),
    "participant_full": (
        "{first}は{slot}に{meetings}件重なります(同時に{capacity}件まで)。",
        "{first} has {meetings} meetings at {slot} but can hold {capacity}.",
    ),
    "no_transition": (
        "{first}は{slot}の前に移動・準備の枠が必要です。",
        "{first} needs time to move before {slot}.",
    ),
    "person_unavailable": ("{rest}さんは{slot}に出席できません。", "{rest} cannot attend at {slot}."),
    "person_twice": ("{first}さんが{slot}に2か所に入っています。", "{first} is in two places at {slot}."),
    "too_many_meetings": (
        "{first}の面談が{meetings}件で、上限{maximum}件を超えます。",
        "{first} has {meetings} meetings, more than {maximum}.",
    ),
    "no_rest": (
        "{first}は{maximum}枠続いた後に休みが必要です({slot})。",
        "{first} needs a rest after {maximum} slots in a row ({slot}).",
    ),
    "unequal_waiting": (
        "{first}の待ちが{most}回、{second}は{least}回で、差が{limit}回を超えます。",
        "{first} waits {most} times, {second} {least} times: they differ by more than {limit}.",
    ),
    "table_twice": ("{table}は{slot}に2件入っています。", "{table} holds two meetings at {slot}."),
    "table_closed": ("{table}は{slot}には使えません。", "{table} is not open at {slot}."),
    "table_lacks_feature": ("{table}には必要な設備({rest})がありません。", "{table} lacks {rest}."),
    "not_home_table": ("{rest}の卓は{table}ではありません。", "{table} is not a table of {rest}."),
    "lock_broken": ("{first}は固定されているため動かせません。", "{first} is pinned and cannot be moved."),
    "frozen_moved": ("{first}は開始済みのため動かせません。", "{first} has begun and cannot be moved."),
    "pair_together": (
        "{first}と{second}は同じ時間にできません。",
        "{first} and {second} must not be at the same time.",
    ),
    "pair_back_to_back": (
        "{first}と{second}が前後の枠で続きます。",
        "{first} and {second} follow each other directly.",
    ),
    "pair_adjacent": ("{first}と{second}が隣り合う卓になります。", "{first} and {second} sit at neighbouring tables."),
    "pair_same_room": ("{first}と{second}が同じ部屋になります。", "{first} and {second} are in one room."),
    "pair_order": ("{first}は{second}より先に行う必要があります。", "{first} has to come before {second}."),
    "?": ("制約に反します({code})。", "A rule is broken ({code})."),
}
_REASONS: _Texts = {
    "feature_missing": ("必要な設備({who})のある卓がありません。", "No table has what is needed ({who})."),
    "no_common_slot": (
        "{first}と{second}がともに参加できる枠がありません。",
        "{first} and {second} are never there at the same time.",
    ),
    "maximum_reached": (
        "{first}の面談は上限{maximum}件に達しています(希望{requests}件)。",
        "{first} has reached its maximum of {maximum} meetings ({requests} wanted).",
    ),
    "participant_full": (
        "{first}は{places}枠に{requests}件の希望があり、{over}件が入りません({slots})。",
        "{first} has {requests} requests for {places} places ({slots}): {over} cannot be placed.",
    ),
    "could_be_placed": ("{slots}に空きがあり、入れることができます。", "It could be placed now: {slots}."),
    "tables_full": (
        "双方が空いている枠({slots})では、使える{tables}卓がすべて埋まっています。",
        "In the slots that would fit ({slots}) all {tables} suitable tables are taken.",
    ),
    "rules_forbid": (
        "双方が空いている枠では、必ず守る決まり({who})に反します。",
        "Where both are free, a rule that must be kept forbids it ({who}).",
    ),
    "lost_to_heavier": (
        "優先度の高い面談({who})に枠を譲りました。",
        "Its slots went to requests with more weight ({who}).",
    ),
    "no_common_slot_left": (
        "ほかの面談を入れると、双方が同時に空く枠が残りません(空き枠: {free})。",
        "With the other meetings placed, no slot is left in which both are free (free slots: {free}).",
    ),
    "?": ("入れられません({code})。", "It cannot be placed ({code})."),
}
_REMEDIES: _Texts = {
    "solve_again": ("もう一度自動作成すると、あと{gain}件入ります。", "Solving again places {gain} more."),
    "second_table": (
        "{first}の卓を{slots}に1卓増やすと、あと{gain}件入ります。",
        "One more table for {first} at {slots} places {gain} more.",
    ),
    "second_table_for_all": (
        "{who}の卓をそれぞれ1卓増やすと、あと{gain}件入ります。",
        "One more table each for {who} places {gain} more.",
    ),
    "arrive_earlier": (
        "{first}が{slots}から参加できれば、あと{gain}件入ります。",
        "If {first} can arrive for {slots}, {gain} more are placed.",
    ),
    "leave_later": (
        "{first}が{slots}まで参加できれば、あと{gain}件入ります。",
        "If {first} can stay until the end of {slots}, {gain} more are placed.",
    ),
    "be_available": (
        "{first}が{slots}にも参加できれば、あと{gain}件入ります。",
        "If {first} is available at {slots}, {gain} more are placed.",
    ),
    "higher_maximum": (
        "{first}の上限を1件増やすと、あと{gain}件入ります。",
        "One meeting more allowed for {first} places {gain} more.",
    ),
    "new_table": ("卓を1つ増やすと、あと{gain}件入ります。", "One more table places {gain} more."),
    "one_more_slot": (
        "最後に1枠増やすと、あと{gain}件入ります。",
        "One more slot at the end places {gain} more.",
    ),
    "?": ("変更により、あと{gain}件入ります。", "A change places {gain} more."),
}
_FAULTS: _Texts = {
    "empty": ("{path}: 空です。", "{path}: is empty."),
    "too_many": ("{path}: {value}件は多すぎます。", "{path}: {value} are too many."),
    "too_long": ("{path}: 文書が大きすぎます({value})。", "{path}: is too long ({value})."),
    "too_many_values": ("{path}: 値が多すぎます({value}個)。", "{path}: holds too many values ({value})."),
    "too_deep": ("{path}: 入れ子が深すぎます。", "{path}: is nested too deeply."),
    "more_faults": ("誤りが{value}件を超えるため、残りは省きます。", "More than {value} faults; the rest is left out."),
    "too_heavy": (
        "{path}: 重みの合計{value}が大きすぎます。",
        "{path}: the weights add up to {value}, which is too much.",
    ),
    "no_file": ("{path}: ファイルがありません。", "{path}: there is no such file."),
    "is_folder": ("{path}: フォルダーは読めません。", "{path}: is a folder."),
    "no_right": ("{path}: 読む権限がありません。", "{path}: may not be read by you."),
    "not_readable": ("{path}: 読めません({value})。", "{path}: cannot be read ({value})."),
    "not_writable": ("{path}: ここには書けません。", "{path}: cannot be written."),
    "not_utf8": ("{path}: UTF-8ではありません({value}バイト目)。", "{path}: is not UTF-8 (at byte {value})."),
    "not_csv": ("{path}: CSVとして読めません({value})。", "{path}: not readable as CSV ({value})."),
    "too_many_cells": (
        "{path}: 見出しより列が多い行です({value}列)。",
        "{path}: has more cells than headings ({value}).",
    ),
    "no_slots": (
        "{path}: このファイルか、最初の枠の開始時刻(--start)が必要です。",
        "{path}: needed, unless --start says when the first slot begins.",
    ),
    "too_few": ("{path}: 参加者が2者以上必要です。", "{path}: needs at least two participants."),
    "duplicate": ("{path}: {value}が重複しています。", "{path}: {value} occurs twice."),
    "unknown": ("{path}: {value}は登録されていません。", "{path}: {value} is not known."),
    "unknown_field": ("{path}: この項目は使えません。", "{path}: there is no such field."),
    "unknown_format": ("{path}: 形式{value}は読めません。", "{path}: the version {value} cannot be read."),
    "duplicate_field": ("{path}: この項目が2回以上あります。", "{path}: this field stands there more than once."),
    "not_a_number": ("{path}: {value}は数値ではありません。", "{path}: {value} is not a number."),
    "not_text": ("{path}: 文字として正しくありません({value})。", "{path}: is not proper text ({value})."),
    "missing": ("{path}: 必須の項目です。", "{path}: is required."),
    "wrong_type": ("{path}: 値の種類が違います({value})。", "{path}: should be of type {value}."),
    "not_json": ("{path}: JSONとして読めません: {value}", "{path}: not readable as JSON: {value}"),
    "not_dzn": (
        "{path}: 「名前 = 値;」の形ではありません({value})。",
        "{path}: not of the form `name = value;` ({value}).",
    ),
    "wrong_length": ("{path}: 個数が合いません({value})。", "{path}: has not the right number of values ({value})."),
    "without_time_zone": ("{path}: 時差(タイムゾーン)がありません。", "{path}: has no time zone."),
    "ends_before_it_starts": ("{path}: {value}の終了が開始より前です。", "{path}: {value} ends before it starts."),
    "overlaps": ("{path}: {value}の時間が重なっています。", "{path}: {value} overlap."),
    "out_of_range": ("{path}: {value}は範囲外です。", "{path}: {value} is out of range."),
    "above_maximum": (
        "{path}: 最小{value}件が上限を超えています。",
        "{path}: the minimum {value} is above the maximum.",
    ),
    "same_twice": ("{path}: {value}同士の決まりは作れません。", "{path}: {value} cannot be paired with itself."),
    "requests_only": (
        "{path}: 順序は面談同士にだけ決められます。",
        "{path}: an order is only possible between requests.",
    ),
    "lock_not_allowed": (
        "{path}: {value}の固定先は条件に合いません。",
        "{path}: {value} is pinned where no rule allows it.",
    ),
    "has_begun": ("{path}: {value}はすでに始まっています。", "{path}: {value} has begun already."),
    "?": ("{path}: 誤りがあります({code} {value})。", "{path}: {code} {value}."),
}
_TABLES: dict[type, _Texts] = {
    Violation: _VIOLATIONS,
    Reason: _REASONS,
    Remedy: _REMEDIES,
    Fault: _FAULTS,
}
