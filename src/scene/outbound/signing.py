"""Signatures of deliveries: Scene's own header, and those of Standard Webhooks (https://www.standardwebhooks.com)."""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

_PREFIX: Final = "whsec_"
_KEY_BYTES: Final = 32


def new_secret() -> str:
    return _PREFIX + base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()


def signature_headers(live_secrets: Sequence[str], delivery_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """What proves that Scene sent exactly this body at this time; with two secrets, once by each.

    at: of the attempt; its fraction of a second is left out.
    """
    at = at.astimezone(UTC).replace(microsecond=0)
    timestamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    seconds = str(int(at.timestamp()))
    keys = [_key(secret) for secret in live_secrets]
    ours = [hmac.digest(key, timestamp.encode() + b"." + body, hashlib.sha256).hex() for key in keys]
    standard = [hmac.digest(key, f"{delivery_id}.{seconds}.".encode() + body, hashlib.sha256) for key in keys]
    return {
        "X-Scene-Timestamp": timestamp,
        "X-Scene-Signature": ",".join(f"sha256={each}" for each in ours),
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in standard),
    }


def _key(secret: str) -> bytes:
    """Raises ValueError for what is no secret of Scene's."""
    try:
        return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is whsec_ and a key in base64") from None
