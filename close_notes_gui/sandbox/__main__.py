"""``python -m close_notes_gui.sandbox``: serve a sample organisation on loopback.

Prints ``READY <base url> <api key>`` and runs until interrupted or told to
terminate. The key opens nothing but this sandbox.
"""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from close_notes_gui.sandbox.server import SandboxServer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; exit code 0."""
    parser = argparse.ArgumentParser(prog="python -m close_notes_gui.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="TCP port on 127.0.0.1; 0 picks one")
    parser.add_argument("--leads", type=int, default=300, help="size of the organisation")
    parser.add_argument("--seed", type=int, default=0, help="another seed, another organisation")
    asked = parser.parse_args(arguments)
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    with SandboxServer(port=asked.port, leads=asked.leads, seed=asked.seed) as server:
        print(f"READY {server.base_url} {server.api_key}", flush=True)
        done.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
