"""The blueprint to which the routes files of the directory attach."""

from flask import Blueprint

bp = Blueprint("directory", __name__)
