"""The one door that takes what staff typed into a search box, and sends them back to their list with a key for it."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import redirect, request
from flask.typing import ResponseReturnValue

from eventops import searching
from eventops.accounts.blueprint import bp
from eventops.accounts.permissions import Permission, require
from eventops.accounts.sign_in import start_url

_LISTS = "/staff/"


@bp.post("/staff/search")
@require(Permission.SIGN_IN)
def search() -> ResponseReturnValue:
    asked = urlsplit(request.form.get("back", ""))
    if asked.scheme or asked.netloc or not asked.path.startswith(_LISTS):
        return redirect(start_url())
    kept = [pair for pair in parse_qsl(asked.query) if pair[0] not in (searching.PARAMETER, "page")]
    typed = request.form.get("q", "").strip()
    if typed:
        kept.append((searching.PARAMETER, searching.keep(typed)))
    query = f"?{urlencode(kept)}" if kept else ""
    place = f"#{asked.fragment}" if asked.fragment else ""
    return redirect(f"{asked.path}{query}{place}")
