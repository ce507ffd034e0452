"""What a runner may know of the server's environment: where programs and fonts are, never a credential."""

import os
import tempfile
from collections.abc import Mapping

_NAMES = {
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "LD_LIBRARY_PATH",
    "PLAYWRIGHT_BROWSERS_PATH",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_DATA_DIRS",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    # Companies' own certificate authorities and proxies: without them no page loads.
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "NODE_EXTRA_CA_CERTS",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
}


def runner_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """A list of what is allowed, not of what is forbidden: a new secret stays out without anybody's help."""
    kept = {name: value for name, value in environment.items() if name in _NAMES or name.startswith("LC_")}
    return kept | {"TMPDIR": tempfile.gettempdir(), "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
