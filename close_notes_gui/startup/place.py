"""Where this run keeps its files and which Close it talks to, read from the environment once."""

import os
from collections.abc import Mapping
from pathlib import Path

import platformdirs

APP_NAME = "close-notes"
CLOSE_API_URL = "https://api.close.com/api/v1"


def data_folder(environment: Mapping[str, str] = os.environ, *, sandbox: bool = False) -> Path:
    """`CLOSE_NOTES_DATA_DIR`, or the system's folder for program data. The sandbox has its own
    inside it, so that play and work never mix.
    """
    named = environment.get("CLOSE_NOTES_DATA_DIR", "").strip()
    folder = Path(named) if named else Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
    return folder / "sandbox" if sandbox else folder


def api_url(environment: Mapping[str, str] = os.environ) -> str:
    """`CLOSE_NOTES_API_URL` without a slash at its end, or Close's own."""
    return environment.get("CLOSE_NOTES_API_URL", "").strip().rstrip("/") or CLOSE_API_URL


def log_level(environment: Mapping[str, str] = os.environ) -> str:
    """`CLOSE_NOTES_LOG`, or INFO."""
    return environment.get("CLOSE_NOTES_LOG", "").strip().upper() or "INFO"
