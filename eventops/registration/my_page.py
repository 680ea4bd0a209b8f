"""The private page of a registration."""

from flask.typing import ResponseReturnValue

from eventops.accounts.permissions import private_link
from eventops.registration.blueprint import bp


@bp.get("/r/<token>")
@private_link
def my_page(token: str) -> ResponseReturnValue:
    return token
