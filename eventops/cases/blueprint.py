"""The blueprint to which every routes file of this feature attaches; routes.py imports them all."""

from flask import Blueprint

bp = Blueprint("cases", __name__)
