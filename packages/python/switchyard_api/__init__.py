"""The API of a Switchyard gateway: every operation, typed to the last field from the gateway's own description."""

from ._errors import SwitchyardError
from ._gateway import Gateway
from ._pages import Page, Pages
from ._webhooks import verify_webhook
from .generated import types
from .generated.codes import API_VERSION, GatewayCode

__all__ = ["API_VERSION", "Gateway", "GatewayCode", "Page", "Pages", "SwitchyardError", "types", "verify_webhook"]
