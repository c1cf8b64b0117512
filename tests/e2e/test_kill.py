"""The engine's process killed with SIGKILL, at every rung and at random: nothing lost or doubled.

The long run: `python tests/bench/bench_kill.py`.
"""

import os
from pathlib import Path

import pytest

from tests.e2e.engine_process import RUNGS
from tests.e2e.kill_driver import kill_often

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.kill,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by POSIX signals, forks its engines"),
]


def test_kill_9_loses_nothing_and_doubles_nothing(tmp_path: Path):
    outcome = kill_often(tmp_path, kills=24, at_least=20)
    print(f"\n{outcome}\n{dict(outcome.told.by_rung)}\n{outcome.told.odd}")
    assert outcome.lost == []
    assert outcome.duplicated == []
    assert outcome.healed == 0
    assert outcome.spoiled == []
    assert outcome.drafts_lost == []
    assert outcome.edits_lost == []
    assert outcome.comments_lost == []
    assert outcome.comments_doubled == []
    assert outcome.told.edits >= 20
    assert len(outcome.told.commented) >= 20
    assert outcome.told.odd == []
    assert outcome.notes >= 20
    assert len(set(outcome.told.by_rung) & set(RUNGS)) >= 7
