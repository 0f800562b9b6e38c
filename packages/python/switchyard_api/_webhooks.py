"""Webhooks by Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Mapping, Sequence
from typing import cast

from ._errors import SwitchyardError
from .generated import types

#: A sender's clock and the receiver's may differ by so many seconds: what is older may be a copy.
TOLERANCE = 300
#: While a secret is rotated there are two signatures; more are not looked at.
SIGNATURES_MAX = 8


def verify_webhook(body: str | bytes, headers: Mapping[str, str], secret: str | Sequence[str], *, now: float | None = None) -> types.Event:
    """
    The event of a webhook. `body` is what came, byte for byte, and `secret` the endpoint's (`whsec_...`), or both while one
    takes the place of the other. Raises `webhook_invalid` where no secret has signed it, or not within five minutes.
    """
    data = body.encode() if isinstance(body, str) else body
    given = {name.lower(): value for name, value in headers.items()}
    id, stamp, signatures = (given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not id or not signatures or not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        raise _invalid("it has no webhook-id, webhook-timestamp or webhook-signature")
    if abs(int(stamp) - (time.time() if now is None else now)) > TOLERANCE:
        raise _invalid(f"it was not signed within {TOLERANCE} s of now")
    signed = f"{id}.{stamp}.".encode() + data
    wanted = [_signature(one, signed) for one in ([secret] if isinstance(secret, str) else secret)]
    found = [one.encode() for one in signatures.split(" ")[:SIGNATURES_MAX]]
    if not any(hmac.compare_digest(one, other) for one in wanted for other in found):
        raise _invalid("no signature of it is by this secret")
    return cast(types.Event, json.loads(data))


def _signature(secret: str, signed: bytes) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not secret.startswith("whsec_") or not 24 <= len(key) <= 64:
        raise ValueError("a secret of webhooks is whsec_ and 24 to 64 bytes in base64")
    return b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())


def _invalid(why: str) -> SwitchyardError:
    return SwitchyardError("webhook_invalid", why, operation="verify_webhook", outcome="failed")
