"""The blueprint to which the routes files of accounts attach."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
