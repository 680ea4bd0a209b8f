"""How a paper leaves the program: as a file that the browser shows or keeps."""

import io

from flask import Response, send_file

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(content: bytes, name: str, kind: str) -> Response:
    return send_file(io.BytesIO(content), mimetype=kind, download_name=name)
