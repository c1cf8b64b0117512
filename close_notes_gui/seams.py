"""What the engine is given: the real Close, or the fake one inside the program.

Engine thread (its imports are heavy). No logic of its own.
"""

from typing import TYPE_CHECKING

from close_notes_gui.closeapi.hosts import check_api_address
from close_notes_gui.engine.clock import SystemClock
from close_notes_gui.engine.engine import Seams
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.startup.place import CLOSE_API_URL
from close_notes_gui.vault import SERVICE, KeyringVault, MemoryVault, environment_key

if TYPE_CHECKING:
    from close_notes_gui.sandbox.fake_close import FakeClose


def real_seams(base_url: str) -> Seams:
    """Close itself, or what `CLOSE_NOTES_API_URL` names. Raise UnsafeAddress for a bad one."""
    check_api_address(base_url)
    return Seams(
        base_url=base_url,
        vault=KeyringVault(keyring_service(base_url)),
        clock=SystemClock(),
        environment_key=environment_key(),
    )


def keyring_service(base_url: str) -> str:
    """The name that the key is kept under: a key for Close never goes to another host."""
    return SERVICE if base_url == CLOSE_API_URL else f"{SERVICE} at {base_url}"


def sandbox_seams(fake: "FakeClose | None" = None) -> Seams:
    """A fake Close in this process: no port, no network, no keyring."""
    # Loaded only where it is asked for: thirty modules that no rep at work needs.
    from close_notes_gui.sandbox.fake_close import FakeClose  # noqa: PLC0415
    from close_notes_gui.sandbox.transport import (  # noqa: PLC0415
        AsyncSandboxTransport,
        SandboxTransport,
    )

    fake = fake or FakeClose()
    return Seams(
        base_url=CLOSE_API_URL,
        vault=MemoryVault(),
        clock=SystemClock(),
        api_transport=AsyncSandboxTransport(fake),
        storage_transport=SandboxTransport(fake),
        sandbox_key=ApiKey(fake.api_key),
    )
