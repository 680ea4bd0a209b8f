"""The answer with an exported file; one that lost characters on the way is offered with a list of them first."""

import io

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from eventops.spreadsheets import words
from eventops.spreadsheets.exporting import ExportedFile, Format

_MOST_SHOWN = 50


def answer(
    file: ExportedFile, *, name: str, form: Format, back_url: str, event: object | None = None
) -> ResponseReturnValue:
    """The file itself, or what it cannot hold; `anyway` in the form says that the reader has seen that."""
    if file.lost and not request.form.get("anyway"):
        sentences = [words.of_lost(lost) for lost in file.lost[:_MOST_SHOWN]]
        return render_template(
            "imports/losses.html",
            event=event,
            sentences=sentences,
            number=len(file.lost),
            form=form,
            back_url=back_url,
            action=request.full_path,
        )
    return send_file(
        io.BytesIO(file.data), mimetype=file.mimetype, as_attachment=True, download_name=name + file.ending
    )
