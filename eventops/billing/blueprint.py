"""The blueprint on which all routes of billing hang."""

from flask import Blueprint

bp = Blueprint("billing", __name__)
