"""The words of questions: kinds, of whom, what is wrong with an answer, sets that come with the program."""

from collections.abc import Iterable

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from eventops.languages import language
from eventops.questions.models import AskedOf, QuestionKind
from eventops.questions.rules import NO, YES, Asked, Fault, Option

KIND_WORDS = {
    QuestionKind.ONE: _("1つ選ぶ"),
    QuestionKind.SEVERAL: _("いくつでも選ぶ"),
    QuestionKind.YES_NO: _("はい・いいえ"),
    QuestionKind.SHORT: _("短い文"),
    QuestionKind.LONG: _("長い文"),
    QuestionKind.NUMBER: _("数"),
    QuestionKind.DATE: _("日付"),
    QuestionKind.BIRTH: _("生年月日"),
    QuestionKind.FILE: _("ファイル"),
}
KIND_HINTS = {
    QuestionKind.ONE: _("例: 交通手段"),
    QuestionKind.SEVERAL: _("例: 関心のある分野、アレルギー"),
    QuestionKind.YES_NO: _("例: 初めての参加ですか"),
    QuestionKind.SHORT: _("1行。200文字まで"),
    QuestionKind.LONG: _("何行でも。2,000文字まで"),
    QuestionKind.NUMBER: _("例: 平均スコア、同乗できる人数"),
    QuestionKind.DATE: _("例: 希望日"),
    QuestionKind.BIRTH: _("和暦でも西暦でも入力できます"),
    QuestionKind.FILE: _("PDF・画像・Office。5MBまで"),
}
ASKED_OF_WORDS = {
    AskedOf.PERSON: _("参加者お一人ずつ"),
    AskedOf.APPLICATION: _("申込ごとに1回(会社・団体)"),
}
SET_WORDS = {
    "golf": _("ゴルフコンペ"),
    "food": _("食事とアレルギー"),
    "exhibition": _("展示・パネル"),
}
SHORT = 12
YES_NO_WORDS = {YES: _("はい"), NO: _("いいえ")}
FAULT_WORDS = {
    Fault.NOT_A_NUMBER: _("数字で入力してください。"),
    Fault.NOT_WHOLE: _("小数点以下の桁が多すぎます。"),
    Fault.TOO_SMALL: _("{least}以上の数にしてください。"),
    Fault.TOO_LARGE: _("{most}以下の数にしてください。"),
    Fault.NOT_A_DATE: _("日付を読み取れません。1957-03-04 または 昭和32年3月4日 の形で入力してください。"),
    Fault.WRONG_YEAR: _("年が正しくないようです。ご確認ください。"),
    Fault.IN_THE_FUTURE: _("今日より後の日付です。ご確認ください。"),
    Fault.TOO_LONG: _("文字数が多すぎます。短くしてください。"),
    Fault.TOO_MANY: _("{most}つまでにしてください。"),
    Fault.NOT_OFFERED: _("表示されている中から選んでください。"),
}


def fault_words(fault: Fault, question: Asked) -> str:
    return str(FAULT_WORDS[fault]).format(least=question.least, most=question.most)


def label(question: Asked) -> str:
    """The question in the reader's language."""
    return question.label_en if language() == "en" and question.label_en else question.label


def help_text(question: Asked) -> str:
    return question.help_en if language() == "en" and question.help_en else question.help


def option_label(option: Option) -> str:
    return option.label_en if language() == "en" and option.label_en else option.label


def choice_words(question: Asked) -> dict[str, str]:
    """What may be chosen, in words."""
    if question.kind is QuestionKind.YES_NO:
        return {key: str(word) for key, word in YES_NO_WORDS.items()}
    return {option.key: option_label(option) for option in question.options}


def is_short(question: Asked) -> bool:
    """Whether the choices stand beside one another."""
    return all(len(word) <= SHORT for word in choice_words(question).values())


def condition(questions: Iterable[Asked], question: Asked) -> str:
    """Of whom a question is asked: 「交通」で「送迎バス」を選んだ方."""
    source = next((one for one in questions if one.code == question.after_code), None)
    if source is None:
        return ""
    known = choice_words(source)
    chosen = "・".join(known.get(value, value) for value in question.after_values)
    return str(gettext("「%(question)s」で「%(answer)s」を選んだ方", question=label(source), answer=chosen))
