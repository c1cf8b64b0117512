"""Whom to trust over TLS: what the operating system trusts, company certificates included.

Any thread but the window's: the first call takes a tenth of a second or two.
"""

import ssl
import threading

_lock = threading.Lock()
_built: list[ssl.SSLContext] = []


def trust() -> ssl.SSLContext:
    """The one context of this process, built at the first call."""
    with _lock:
        if not _built:
            # deferred: reads the system's certificates; not needed on loopback
            import truststore  # noqa: PLC0415

            _built.append(truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        return _built[0]
