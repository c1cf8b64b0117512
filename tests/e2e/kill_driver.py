"""Kills the engine again and again, then counts what is in Close. For the test and the bench."""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from close_notes_gui.markup import canonical_text
from close_notes_gui.sandbox.faults import Fault, FaultKind
from close_notes_gui.sandbox.server import SandboxServer
from close_notes_gui.store.db import open_store
from tests.e2e.engine_process import RUNGS

F = FaultKind
_NOTE = "/activity/note/"
_NOTE_FAULTS = (
    Fault(F.DROP_BEFORE, method="POST", path=_NOTE),
    Fault(F.DROP_AFTER, method="POST", path=_NOTE),
    Fault(F.RESET_AFTER, method="POST", path=_NOTE),
    Fault(F.STATUS_BEFORE, method="POST", path=_NOTE, status=500),
    Fault(F.STATUS_AFTER, method="POST", path=_NOTE, status=502),
    Fault(F.PROCESS_LATE, method="POST", path=_NOTE, delay_s=0.4),
    Fault(F.THROTTLE, method="POST", path=_NOTE, reset_s=0.2),
    Fault(F.TRUNCATED_JSON, method="POST", path=_NOTE),
)
_CHANGE_FAULTS = (
    Fault(F.DROP_BEFORE, method="PUT", path=_NOTE),
    Fault(F.DROP_AFTER, method="PUT", path=_NOTE),
    Fault(F.STATUS_AFTER, method="PUT", path=_NOTE, status=502),
    Fault(F.DROP_BEFORE, method="POST", path="/comment/"),
    Fault(F.DROP_AFTER, method="POST", path="/comment/"),
    Fault(F.STATUS_AFTER, method="POST", path="/comment/", status=502),
)
_FAULTS = (
    *_NOTE_FAULTS,
    *_CHANGE_FAULTS,
    Fault(F.POLICY_EXPIRED, path="storage"),
    Fault(F.RESET_AFTER, path="storage"),
)

#: Every rung, and those between the first byte and the answer's commit more often.
_TURNS = (
    "posting", "answered", "queued", "answered", "uploading", "lost",
    "posting", "uploaded", "answered", "refused", "looked", "sent",
    "compared", "asked", "doing", "done", "undone", "settled", "compared", "done",
)  # fmt: skip
#: Rungs that are reached only where a call goes wrong.
_AFTER_A_FAULT = {"refused", "lost", "looked", "undone"}
#: A rung that is not reached by then is given up.
_LONGEST_LIFE_S = 3.0
assert set(_TURNS) == set(RUNGS)
_MOST_RUNS_PER_KILL = (
    5  # most runs are killed; an engine that dies by itself must not go on for ever
)


@dataclass
class Told:
    """What the engines said before they died."""

    #: Each note of each lead, as "words@lead": the sha256 of its file, or "-".
    accepted: dict[str, str] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    saved: dict[str, int] = field(default_factory=dict)  # draft id: revision
    edited: dict[str, str] = field(default_factory=dict)  # id of a note: its last words
    edits: int = 0
    commented: set[str] = field(default_factory=set)
    odd: list[str] = field(default_factory=list)
    kills: int = 0
    by_rung: Counter[str] = field(default_factory=Counter)
    drained_s: float = 0.0


@dataclass
class Outcome:
    """What is in Close in the end."""

    notes: int
    lost: list[str]
    duplicated: list[str]
    spoiled: list[str]
    drafts_lost: list[str]
    edits_lost: list[str]  # notes in Close that do not say what they were last made to say
    comments_lost: list[str]
    comments_doubled: list[str]
    healed: int  # extras that had to be removed again: the look-up should leave none to be
    told: Told

    def __str__(self) -> str:
        return (
            f"kills {self.told.kills}, notes {self.notes}, lost {len(self.lost)},"
            f" duplicated {len(self.duplicated)}, healed {self.healed}, files not as attached {len(self.spoiled)},"
            f" drafts {len(self.told.saved)}, drafts lost {len(self.drafts_lost)},"
            f" edits {self.told.edits}, lost {len(self.edits_lost)},"
            f" comments {len(self.told.commented)}, lost {len(self.comments_lost)},"
            f" duplicated {len(self.comments_doubled)}"
        )


class Killer:
    """One data folder, one Close, one nursery; `run` one engine after the other."""

    def __init__(self, folder: Path, server: SandboxServer, nursery: subprocess.Popen[str]) -> None:
        self._folder = folder
        self._server = server
        self._nursery = nursery
        self._chance = random.Random(7)
        self._run = 0
        self._before = {note["id"] for note in server.fake.all_notes()}
        leads = server.fake.lead_ids(3)
        firsts = {n["lead_id"]: n["id"] for n in server.fake.all_notes() if n["lead_id"] in leads}
        self._edited = list(firsts.values())
        self.told = Told()

    def run(
        self,
        *,
        rung: str | None = None,
        kill_after_s: float,
        kill_at_work_s: float | None = None,
        notes: int = 3,
    ) -> bool:
        """One life of the engine. Whether it was killed (else it came to rest): at the rung, or so
        long after it was signed in, or after it was started.
        """
        self._run += 1
        chance = self._chance
        self._server.fake.faults.add(*(f for f in _FAULTS if chance.random() < 0.08))
        if rung in _AFTER_A_FAULT:
            kinds = _CHANGE_FAULTS if rung == "undone" else _NOTE_FAULTS[:5]
            self._server.fake.faults.add(chance.choice(kinds))
        order: dict[str, Any] = {
            "folder": str(self._folder),
            "base_url": self._server.base_url,
            "key": self._server.api_key,
            "leads": self._server.fake.lead_ids(3),
            "seed": self._run,
            "run": self._run,
            "notes": notes,
            "there": [self._note(note_id) for note_id in self._edited],
            "rung": rung,
            "skip": 0 if rung in _AFTER_A_FAULT else chance.randrange(2),
            "kill_after_s": kill_after_s,
            "kill_at_work_s": kill_at_work_s,
            "linger_s": 0.0,
        }
        return self._order(order)

    def drain(self) -> None:
        """Let it come to rest: everything is sent, extras are healed. With hundreds of kills
        behind it that may take minutes, one note after the other; a silence ends it (see `Rep`).
        """
        self._server.fake.faults.clear()
        order: dict[str, Any] = {
            "rung": None,
            "notes": 0,
            "there": [],
            "kill_after_s": 1800.0,
            "kill_at_work_s": None,
            "linger_s": 2.5,
        }
        began = time.monotonic()
        is_killed = self._order(self._last | order)
        self.told.drained_s = time.monotonic() - began
        if is_killed:
            self.told.odd.append("it never came to rest")

    def _order(self, order: dict) -> bool:
        self._last = order
        self._killed_at = ""
        assert self._nursery.stdin is not None
        self._nursery.stdin.write(json.dumps(order) + "\n")
        self._nursery.stdin.flush()
        assert self._nursery.stdout is not None
        for line in self._nursery.stdout:
            verb, *words = line.split()
            if verb == "ENDED":
                return self._ended(int(words[0]), order)
            self._take(verb, words)
        raise AssertionError("the nursery is gone")

    def _ended(self, code: int, order: dict) -> bool:
        if code == -9:
            self.told.kills += 1
            self.told.by_rung[self._killed_at or "at random"] += 1
        elif code:
            self.told.odd.append(f"ended with {code}")
        return code == -9

    def _take(self, verb: str, words: list[str]) -> None:
        match verb:
            case "ACCEPTED":
                for lead_id in words[2:]:
                    self.told.accepted[f"{words[0]}@{lead_id}"] = words[1]
            case "TRIED":
                self.told.tried.add(words[0])
            case "SAVED":
                self.told.saved[words[0]] = int(words[1])
            case "AT":
                self._killed_at = words[0]
            case "EDITED":
                self.told.edited[words[0]] = words[1]
                self.told.edits += 1
            case "COMMENTED":
                self.told.commented.add(words[0])
            case "SIGNED_IN" | "IDLE":
                pass
            case _:
                self.told.odd.append(" ".join([verb, *words]))

    def outcome(self) -> Outcome:
        """Count. After `drain`."""
        found: Counter[str] = Counter()
        spoiled = []
        for note in self._server.fake.all_notes():
            if note["id"] in self._before:
                continue
            words = f"{note['note'].split()[0]}@{note['lead_id']}"
            found[words] += 1
            digests = [self._server.fake.file_sha256(file["url"]) for file in note["attachments"]]
            wanted = self.told.accepted.get(words)
            if wanted is not None and digests != ([] if wanted == "-" else [wanted]):
                spoiled.append(words)
        said = Counter(self._comments())
        return Outcome(
            edits_lost=[
                f"{note_id}: {self._note(note_id)['note']}, not {words}"
                for note_id, words in self.told.edited.items()
                if self._note(note_id)["note"] != words
            ],
            comments_lost=[words for words in self.told.commented if not said[words]],
            comments_doubled=[words for words, count in said.items() if count > 1],
            notes=len(self.told.accepted),
            lost=[words for words in self.told.accepted if not found[words]],
            duplicated=[words for words, count in found.items() if count > 1],
            spoiled=spoiled,
            drafts_lost=self._drafts_lost(),
            healed=sum(seen.method == "DELETE" for seen in self._server.fake.requests),
            told=self.told,
        )

    def _note(self, note_id: str) -> dict:
        return next(note for note in self._server.fake.all_notes() if note["id"] == note_id)

    def _comments(self) -> list[str]:
        listed = self._server.fake.comments_on(self._edited)
        return [canonical_text(body) for body in listed]

    def _drafts_lost(self) -> list[str]:
        (folder,) = (self._folder / "accounts").iterdir()
        opened = open_store(folder, clock=_Clock())
        kept: dict[str, int] = {d.id: d.revision for d in opened.store.drafts.all()}
        sent = opened.store.outbox.sent_since(datetime(2000, 1, 1, tzinfo=UTC))
        kept |= {e.frozen.id: e.frozen.revision for e in sent}
        opened.store.close()
        lost = [d for d, revision in self.told.saved.items() if kept.get(d, -1) < revision]
        return lost + [problem.kind.name for problem in opened.problems]


class _Clock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@contextmanager
def killer(folder: Path) -> Iterator[Killer]:
    """A Close, a nursery, and a data folder; all gone afterwards."""
    code = [sys.executable, "-m", "tests.e2e.engine_process"]
    with (
        SandboxServer(leads=6) as server,
        subprocess.Popen(
            code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as nursery,
    ):
        server.fake.behaviour.read_lag_s = 0.1
        server.fake.behaviour.normalises_html = True
        assert nursery.stdout is not None
        assert nursery.stdout.readline() == "READY\n"
        try:
            yield Killer(folder, server, nursery)
        finally:
            assert nursery.stdin is not None
            nursery.stdin.close()


def kill_often(folder: Path, *, kills: int, at_least: int = 0) -> Outcome:
    """Kill at every rung in turn and at random instants, half and half, so often and until
    `at_least` so many notes, edits and comments were taken; then count.
    """
    chance = random.Random(11)
    with killer(folder) as it:
        for turn in range(1, _MOST_RUNS_PER_KILL * kills):
            told = it.told
            fewest = min(len(told.accepted), told.edits, len(told.commented))
            if (told.kills >= kills and fewest >= at_least) or told.odd:
                break
            if turn % 2:
                rung = _TURNS[turn // 2 % len(_TURNS)]
                it.run(rung=rung, kill_after_s=_LONGEST_LIFE_S)
            elif turn % 8:
                it.run(kill_at_work_s=chance.random() * 0.6, kill_after_s=_LONGEST_LIFE_S)
            else:
                it.run(kill_after_s=0.05 + chance.random() * 0.3)  # while it starts
        it.drain()
        return it.outcome()
