"""The blueprint on which the routes of questions stand."""

from flask import Blueprint

bp = Blueprint("questions", __name__)
