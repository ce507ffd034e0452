"""Why a job failed, as one of the reasons of the contract and one sentence for a person."""

import re
from typing import Literal

Reason = Literal[
    "navigation",
    "status",
    "script",
    "selector",
    "timeout",
    "crash",
    "blank",
    "page_too_tall",
    "browser_unavailable",
    "storage",
    "soft_stop",
    "internal",
]

NETWORK_CHANGED = "ERR_NETWORK_CHANGED"
_NETWORK_ERRORS = {
    "ERR_NAME_NOT_RESOLVED": "the host name is unknown",
    "ERR_CONNECTION_REFUSED": "the server refused the connection",
    "ERR_CONNECTION_RESET": "the server broke the connection off",
    "ERR_CONNECTION_CLOSED": "the server closed the connection without an answer",
    "ERR_CONNECTION_TIMED_OUT": "the server did not answer the connection",
    "ERR_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "ERR_ADDRESS_UNREACHABLE": "the server's address cannot be reached",
    "ERR_INTERNET_DISCONNECTED": "there is no network",
    NETWORK_CHANGED: "the network changed during the load",
    "ERR_TOO_MANY_REDIRECTS": "the address redirects in a loop",
    "ERR_UNSAFE_REDIRECT": "the address redirects to something that is not a web page",
    "ERR_UNKNOWN_URL_SCHEME": "the address leads to something that is not a web page",
    "ERR_UNSAFE_PORT": "browsers refuse to open this port",
    "ERR_INVALID_URL": "the address is not valid",
    "ERR_BLOCKED_BY_CLIENT": "the browser blocked the address",
    "ERR_BLOCKED_BY_RESPONSE": "the server forbids showing the page",
    "ERR_INVALID_RESPONSE": "the server's answer is not HTTP",
    "ERR_INVALID_HTTP_RESPONSE": "the server's answer is not HTTP",
    "ERR_PROXY_CONNECTION_FAILED": "the proxy cannot be reached",
    "ERR_TUNNEL_CONNECTION_FAILED": "the proxy refused the connection",
    "ERR_ABORTED": "the load was broken off",
    "ERR_INVALID_AUTH_CREDENTIALS": "the server asks for credentials",
    "ERR_CERT_DATE_INVALID": "the certificate has expired or is not valid yet",
    "ERR_CERT_COMMON_NAME_INVALID": "the certificate is for another host",
    "ERR_CERT_AUTHORITY_INVALID": "the certificate is not from a trusted authority",
    "NS_ERROR_UNKNOWN_HOST": "the host name is unknown",
    "NS_ERROR_CONNECTION_REFUSED": "the server refused the connection",
    "NS_ERROR_NET_RESET": "the server broke the connection off",
    "NS_ERROR_NET_EMPTY_RESPONSE": "the server closed the connection without an answer",
    "NS_ERROR_NET_INTERRUPT": "the server broke the connection off",
    "NS_ERROR_NET_TIMEOUT": "the server did not answer the connection",
    "NS_ERROR_OFFLINE": "there is no network",
    "NS_ERROR_REDIRECT_LOOP": "the address redirects in a loop",
    "NS_ERROR_UNKNOWN_PROTOCOL": "the address leads to something that is not a web page",
    "NS_ERROR_PORT_ACCESS_NOT_ALLOWED": "browsers refuse to open this port",
    "NS_ERROR_MALFORMED_URI": "the address is not valid",
    "NS_ERROR_UNKNOWN_PROXY_HOST": "the proxy cannot be reached",
    "NS_ERROR_PROXY_CONNECTION_REFUSED": "the proxy cannot be reached",
    "NS_BINDING_ABORTED": "the load was broken off",
    "SEC_ERROR_EXPIRED_CERTIFICATE": "the certificate has expired or is not valid yet",
    "SSL_ERROR_BAD_CERT_DOMAIN": "the certificate is for another host",
    "SEC_ERROR_UNKNOWN_ISSUER": "the certificate is not from a trusted authority",
    "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT": "the certificate is not from a trusted authority",
}
# Firefox wraps what a secure connection failed by in a general code: the first alternative that is found tells most.
_NETWORK_ERROR = [
    re.compile(r"\b((?:SSL|SEC|MOZILLA_PKIX)_ERROR_[A-Z0-9_]+)"),
    re.compile(r"\b((?:ERR|NS_ERROR|NS_BINDING)_[A-Z0-9_]+)"),
]
PAGE_LOST = "The page's process crashed."
BROWSER_LOST = "The browser went away in the middle of the job."
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_CRASHED = re.compile(r"target crashed|page crashed", re.IGNORECASE)
_CLOSED = re.compile(r"has been closed|connection closed|browser closed|target closed", re.IGNORECASE)


class Failed(Exception):
    """A job ends here, failed."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason
        self.message = message


def picture_words(key: str) -> str:
    """What the key of a target names, at the beginning of a sentence."""
    return {"full": "The full page", "viewport": "The viewport"}.get(key, f"The element {key.removeprefix('element:')}")


def plain(error: Exception) -> str:
    """The first line of a Playwright error, without colours, call names and call logs."""
    lines = _ANSI.sub("", str(error)).strip().splitlines()
    first = next((line.strip() for line in lines if line.strip()), type(error).__name__)
    return re.sub(r"^([A-Z]\w+\.\w+)?: ", "", first)


def waited_for(error: Exception) -> str:
    """What an action waited for in vain, such as ``element is not visible``; empty when its log does not say."""
    lines = [line.strip(" -") for line in _ANSI.sub("", str(error)).splitlines()]
    telling = [line for line in lines if re.search(r"^element is |intercepts pointer events|^element was ", line)]
    return telling[-1] if telling else ""


def is_crash(error: Exception) -> bool:
    """Whether the page's process is gone, or the whole browser."""
    return bool(_CRASHED.search(str(error)) or _CLOSED.search(str(error)))


def crash(error: Exception) -> Failed:
    return Failed("crash", PAGE_LOST if _CRASHED.search(str(error)) else BROWSER_LOST)


DOWNLOAD = "the server sends a file to download, not a page"


def network_words(error: Exception) -> str | None:
    """A network error of a navigation in plain words; none when the error is something else."""
    said = str(error).replace("deniedPortAccess", "NS_ERROR_PORT_ACCESS_NOT_ALLOWED")
    if found := next((found for pattern in _NETWORK_ERROR if (found := pattern.search(said))), None):
        code = found.group(1)
        known = _NETWORK_ERRORS.get(code)
        if known is None and ("CERT" in code or "SSL" in code or code.startswith(("SEC_", "MOZILLA_PKIX"))):
            known = "the secure connection failed"
        return f"{known} ({code})" if known else code
    if "Download is starting" in str(error):
        return DOWNLOAD
    return None
