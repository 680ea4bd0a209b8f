"""What the checker, the explainer and the reader of documents found, as sentences in Japanese and English."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from scheduling.faults import Fault
from scheduling.phrases import BEFORE, CLAUSES, REASONS, REMEDIES, RULES, TRIED, WHOLE, Texts
from scheduling.reading import shown
from scheduling.solution import Clause, Contradiction, Reason, Remedy, Tried, Violation

if TYPE_CHECKING:
    from scheduling.capacity import Before

Name = Callable[[str], str]
Coded = Violation | Reason | Remedy | Fault | Clause
LONGEST_PATH = 300  # characters of a path that are shown
Said = Coded | Contradiction | Tried
LANGUAGES = ("ja", "en")


def sentence(said: Said, *, name: Name = str, language: str = "ja") -> str:
    """One sentence without remedies; a Clause alone is a part of one, without a full stop.

    `name` turns any id (firm, slot, table, request) into what people call it. `language` is "ja" or "en".
    """
    place = LANGUAGES.index(language)
    if isinstance(said, Tried):
        return TRIED[said][place]
    if isinstance(said, Contradiction):
        clauses = [sentence(one, name=name, language=language) for one in said.clauses]
        return WHOLE[place].format(number=len(clauses), clauses=("、", "; ")[place].join(clauses))
    table = _TABLES[type(said)]
    texts = table.get(f"{said.code}_long" if _is_long(said) else said.code) or table.get(said.code) or table["?"]
    return texts[place].format_map(_values(said, name, place))


def arithmetic(before: "Before", *, language: str = "ja") -> str:
    """What an event needs and has, in one or two sentences; `before.reasons` have sentences of their own."""
    place = LANGUAGES.index(language)
    numbers = {one.name: getattr(before, one.name) for one in fields(before)}
    advised = ("~", " to ")[place].join(map(str, dict.fromkeys(before.tables_advised)))
    return BEFORE[place].format(advised=advised, **numbers)


def _is_long(said: Coded) -> bool:
    """Whether it is about meetings of several slots."""
    counts = dict(said.counts) if isinstance(said, Reason) else {}
    return "needed" in counts or counts.get("length", 1) > 1


def _values(said: Coded, name: Name, place: int) -> dict[str, str]:
    if isinstance(said, Fault):
        return {"path": shown(said.path, LONGEST_PATH) or "-", "value": shown(said.value), "code": said.code}
    joint = ("・", ", ")[place]
    subjects = [RULES[one][place] if one in RULES else name(one) for one in said.subjects]
    ranks = dict(zip(("first", "second", "third", "fourth"), [*subjects, "", "", "", ""], strict=False))
    values = {**ranks, "code": said.code, "who": joint.join(subjects), "rest": joint.join(subjects[1:])}
    if isinstance(said, Remedy):
        values["gain"] = f"{'' if said.is_exact else ('少なくとも', 'at least ')[place]}{said.gain}"
    else:
        values |= {key: str(number) for key, number in said.counts}
        values["free"] = joint.join(f"{name(key)} {number}" for key, number in said.counts if key in said.subjects)
    if isinstance(said, Violation):
        return values | {"slot": name(said.slot_id) if said.slot_id else "", "table": name(said.table_id)}
    return values | _times(said.slot_ids, name, place)


def _times(slot_ids: Sequence[str], name: Name, place: int) -> dict[str, str]:
    """Up to two slots by name, more of them as so many between the first and the last."""
    if not slot_ids:
        return {"slots": ("全時間", "all day")[place], "begin": "", "end": ""}
    begin, end = name(slot_ids[0]), name(slot_ids[-1])
    few = ("・", ", ")[place].join(map(name, slot_ids))
    many = ("{}から{}までの{}枠", "{} to {}, {} slots")[place].format(begin, end, len(slot_ids))
    return {"slots": few if len(slot_ids) <= 2 else many, "begin": begin, "end": end}


_VIOLATIONS: Texts = {
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
_FAULTS: Texts = {
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
_TABLES: dict[type, Texts] = {
    Violation: _VIOLATIONS,
    Reason: REASONS,
    Remedy: REMEDIES,
    Fault: _FAULTS,
    Clause: CLAUSES,
}
