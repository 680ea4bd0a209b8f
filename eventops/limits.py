"""How often one address may knock: sign-in and public forms. Counted per process, or in Redis where one is set."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)


def init_limits(app: Flask) -> None:
    limiter.init_app(app)
