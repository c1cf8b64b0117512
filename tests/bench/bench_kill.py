"""Kill the engine hundreds of times and count: `python tests/bench/bench_kill.py [--kills 300]`.

Prints kills, notes, lost, duplicated; exit code 1 where anything is lost, doubled (for a while, too) or spoiled.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e.kill_driver import kill_often


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=300)
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = kill_often(Path(folder), kills=asked.kills)
    print(outcome)
    print("killed at:", dict(outcome.told.by_rung))
    print(
        f"{time.monotonic() - began:.0f} s, of which to come to rest {outcome.told.drained_s:.0f} s"
    )
    bad = {
        "lost": outcome.lost,
        "duplicated": outcome.duplicated,
        "healed": outcome.healed,  # the look-up should have left nothing to heal
        "files not as attached": outcome.spoiled,
        "drafts lost": outcome.drafts_lost,
        "edits lost": outcome.edits_lost,
        "comments lost": outcome.comments_lost,
        "comments duplicated": outcome.comments_doubled,
        "odd": outcome.told.odd,
    }
    print("\n".join(f"{what}: {which}" for what, which in bad.items() if which))
    return int(any(bad.values()))


if __name__ == "__main__":
    sys.exit(main())
