"""The words for everything that can be wrong with an imported file. Details fill the braces."""

from collections.abc import Mapping, Sequence
from typing import Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from eventops.spreadsheets.columns import Fault
from eventops.spreadsheets.table import MEBIBYTE, Problem, UnreadableTable
from eventops.spreadsheets.values import FaultCode
from eventops.spreadsheets.writing import Lost

FILE: Final[Mapping[Problem, LazyString]] = {
    Problem.WRONG_KIND: _("表として読めないファイルです。CSV または Excel(.xlsx、.xls、.ods)を選んでください。"),
    Problem.TOO_LARGE: _("ファイルが大きすぎます。{mebibytes}MB までにしてください。"),
    Problem.TOO_LARGE_INSIDE: _("展開すると大きすぎるファイルです。不要なシートや画像を除いてください。"),
    Problem.TOO_MANY_ROWS: _("行が多すぎます。{limit}行までに分けてください。"),
    Problem.TOO_MANY_COLUMNS: _("列が多すぎます。{limit}列までにしてください。"),
    Problem.UNDECODABLE: _("{line}行目に読めない文字があります。UTF-8 か Shift_JIS で保存し直してください。"),
    Problem.BAD_QUOTES: _('{line}行目から始まる行の引用符(")が閉じていないか、余分です。'),
    Problem.ENCRYPTED: _("パスワードで保護されたファイルは読めません。保護を外して保存し直してください。"),
    Problem.DAMAGED: _("ファイルが壊れているため読めません。開き直して保存し、もう一度お試しください。"),
    Problem.EMPTY: _("ファイルに何も書かれていません。"),
    Problem.NO_ROWS: _("見出しだけで、データの行がありません。"),
}

FAULTS: Final[Mapping[FaultCode, LazyString]] = {
    FaultCode.MISSING_HEADING: _("この列がありません。"),
    FaultCode.DUPLICATE_HEADING: _("同じ列が2つあります。"),
    FaultCode.UNKNOWN_HEADING: _("取り込めない列です。列名を直すか、列を削除してください。"),
    FaultCode.TOO_FEW_CELLS: _("値が足りません(見出し{expected}列に対して{found}列)。"),
    FaultCode.TOO_MANY_CELLS: _("見出しのない列に値があります(「{value}」)。"),
    FaultCode.REQUIRED: _("入力が必要です。"),
    FaultCode.DUPLICATE_VALUE: _("{first}行目と同じ値です(「{value}」)。"),
    FaultCode.TOO_LONG: _("長すぎます({limit}文字まで、現在{length}文字)。"),
    FaultCode.CONTROL_CHARACTER: _("使えない制御文字が入っています(「{value}」)。"),
    FaultCode.NOT_A_CODE: _("半角の英数字と - _ . / だけで書いてください(「{value}」)。"),
    FaultCode.NOT_A_NUMBER: _("数字ではありません(「{value}」)。"),
    FaultCode.TOO_SMALL: _("{limit}以上にしてください(「{value}」)。"),
    FaultCode.TOO_BIG: _("{limit}以下にしてください(「{value}」)。"),
    FaultCode.NOT_YES_NO: _("はい・いいえ(または1・0、○・×)で書いてください(「{value}」)。"),
    FaultCode.NOT_A_DATE: _("日付として読めません(「{value}」)。2027/1/15 のように書いてください。"),
    FaultCode.NOT_A_TIME: _("時刻として読めません(「{value}」)。13:00 のように書いてください。"),
    FaultCode.NOT_A_MOMENT: _("日時として読めません(「{value}」)。2027/1/15 13:00 のように書いてください。"),
    FaultCode.NOT_A_CHOICE: _("{choices} のどれかを書いてください(「{value}」)。"),
    FaultCode.NOT_AN_EMAIL: _("メールアドレスとして読めません(「{value}」)。"),
    FaultCode.NOT_A_POSTAL_CODE: _("郵便番号として読めません(「{value}」)。数字7桁で書いてください。"),
    FaultCode.NOT_A_PHONE: _("電話番号として読めません(「{value}」)。市外局番から書いてください。"),
    FaultCode.UNKNOWN_ORGANISATION: _("名簿にない団体です(「{value}」)。団体番号か正式な名称を確認してください。"),
    FaultCode.AMBIGUOUS_ORGANISATION: _(
        "どの団体か決められません(「{value}」)。団体番号で書いてください(候補: {candidates})。"
    ),
    FaultCode.UNKNOWN_PERSON: _("名簿にない人です(「{value}」)。人の番号を確認してください。"),
    FaultCode.NOBODY_MEANT: _("だれのことかわかりません。人の番号かメールアドレスを入れてください。"),
    FaultCode.MERGED_ORGANISATION: _("統合済みの団体です（「{value}」）。統合先の番号で書いてください（{other}）。"),
    FaultCode.MERGED_PERSON: _("ほかの人に統合済みの番号です（「{value}」）。"),
    FaultCode.UNKNOWN_NEED: _("登録されていないニーズ番号です(「{value}」)。"),
    FaultCode.ENDS_BEFORE_START: _("終わりが始まりより後になるようにしてください(「{value}」)。"),
    FaultCode.OVERLAPS: _("{other}と時間が重なっています(「{value}」)。"),
    FaultCode.STILL_IN_USE: _("{other}は時間割で使われているため、なくせません。"),
    FaultCode.SAME_TWICE: _("同じ団体どうしは組にできません(「{value}」)。"),
    FaultCode.OWN_COMPANY: _("このニーズを出した企業です(「{value}」)。"),
    FaultCode.NEEDS_VALUE: _("「{kind}」には、この列の値が必要です。"),
    FaultCode.FOREIGN_ROW: _("この表の行ではありません。行を消すか、新しい表を書き出してください。"),
    FaultCode.STALE_ROW: _("表を書き出したあとに、応募か回答が変わりました。新しい表を書き出してください。"),
    FaultCode.ALTERED_CELL: _("書き換えられています(「{value}」)。この列は書き出したままにしてください。"),
    FaultCode.NAMES_COMPANY: _("社名が入っています。社名を公開しないときは、本文からも除いてください。"),
}


def of_file(error: UnreadableTable) -> str:
    """Why the whole file is refused."""
    details = dict(error.details)
    limit = details.get("limit")
    if isinstance(limit, int):
        details["mebibytes"] = limit // MEBIBYTE
    return str(FILE[error.problem]).format_map(_Details(details))


def of_fault(fault: Fault) -> str:
    """12行目「希望順」: 数字ではありません(「一」)。"""
    return f"{_place(fault)}: {_sentence(fault)}"


def _sentence(fault: Fault) -> str:
    return str(FAULTS[fault.code]).format_map(_Details({**fault.details, "value": fault.value}))


def of_alike(faults: Sequence[Fault]) -> str:
    """「ニーズ番号」 170か所(2〜171行目): 登録されていないニーズ番号です(「N-01」)。"""
    first = faults[0]
    where = gettext("%(count)sか所(%(lines)s行目)", count=len(faults), lines=_lines([one.line for one in faults]))
    heading = f"「{first.heading}」 " if first.heading else ""
    return f"{heading}{where}: {_sentence(first)}"


def _lines(lines: Sequence[int]) -> str:
    """2〜4、9、12〜171: lines that follow each other together."""
    runs: list[list[int]] = []
    for line in lines:
        if runs and line == runs[-1][-1] + 1:
            runs[-1].append(line)
        else:
            runs.append([line])
    return "、".join(f"{run[0]}〜{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def of_lost(lost: Lost) -> str:
    """3行目「氏名」: Shift_JIS にない文字(「𠮷」)を〓に置き換えました。"""
    words = gettext("Shift_JIS にない文字(「%(characters)s」)を〓に置き換えました。", characters=lost.characters)
    return f"{_place(lost)}: {words}"


def _place(at: Fault | Lost) -> str:
    if at.heading:
        return str(gettext("%(line)s行目「%(heading)s」", line=at.line, heading=at.heading))
    return str(gettext("%(line)s行目", line=at.line))


class _Details(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return ""
