"""Page tokens: opaque, bound to what was asked and by whom, and saying nothing about anybody.

A token holds row numbers only (never a value of a patient, as tokens end up in logs) and a signature over them, the
question and the caller; a token for another question, another caller or made up by hand is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Any

from cart_fhir.errors import BadRequest

_SIGNATURE = 12


class Tokens:
    """Makes and opens page tokens with the secret of one store."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, position: Mapping[str, Any], origin: str, caller: str = "") -> str:
        """The token for a position in the answer to `origin`."""
        body = json.dumps(position, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._sign(body, origin, caller) + body).decode().rstrip("=")

    def open(self, token: str, origin: str, caller: str = "") -> dict[str, Any]:
        """The position; BadRequest when the token is not one made for this question and caller."""
        try:
            raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (ValueError, binascii.Error):
            raw = b""
        signature, body = raw[:_SIGNATURE], raw[_SIGNATURE:]
        if not body or not hmac.compare_digest(signature, self._sign(body, origin, caller)):
            raise BadRequest(
                "The page token does not belong to this search.",
                advice="Follow the 'next' link of the previous page as it is, or start again without a page.",
            )
        position: dict[str, Any] = json.loads(body)
        return position

    def _sign(self, body: bytes, origin: str, caller: str) -> bytes:
        message = b"\0".join((body, origin.encode(), caller.encode()))
        return hmac.digest(self._secret, message, "sha256")[:_SIGNATURE]
