"""The form that takes a file to import, and the faults of a plan as sentences."""

from typing import Final

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired

from eventops.spreadsheets import words
from eventops.spreadsheets.plan import Plan
from eventops.spreadsheets.table import UnreadableTable

MOST_SHOWN: Final = 200


class UploadForm(FlaskForm):
    file = FileField(
        _("ファイル"),
        validators=[FileRequired(message=_("ファイルを選んでください。"))],
        description=_("CSV(UTF-8、Shift_JIS)または Excel(.xlsx、.xls、.ods)、10MBまで。"),
        render_kw={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.ods"},
    )

    def refuse(self, error: UnreadableTable) -> None:
        """Say beside the field why the file cannot be read."""
        self.file.errors = [words.of_file(error)]


def sentences(plan: Plan) -> list[str]:
    """12行目「希望順」: 数字ではありません(「一」)。"""
    return [words.of_fault(fault) for fault in plan.faults[:MOST_SHOWN]]
