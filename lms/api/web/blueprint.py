"""The blueprint of the pages on which managers look after API keys, and who may call them."""

from flask import Blueprint

from lms.organisations.roles import Role
from lms.web.policy import allow

lms_keys = Blueprint("lms_keys", __name__, url_prefix="/manage/api-keys")

READERS = allow(Role.MANAGER, Role.OPERATOR, Role.AUDITOR)
MANAGERS = allow(Role.MANAGER, Role.OPERATOR)
