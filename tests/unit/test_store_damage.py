"""Power cuts, damage, newer and older schemas, a full disk: nothing readable is lost."""

import atexit
import random
import shutil
import sqlite3
import tempfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from close_notes_gui.model.draft import Attachment, Draft, OutboxState
from close_notes_gui.model.ids import AttachmentId, DraftId, LeadId, OutboxId
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.store.database import Database
from close_notes_gui.store.db import FILE_NAME, open_store
from close_notes_gui.store.errors import StoreDamaged, StoreFull, StoreNewer
from close_notes_gui.store.schema import STEPS
from close_notes_gui.store.store import Store

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PAGE = 4096


class _Clock:
    def now(self) -> datetime:
        return NOW


def opened(folder: Path) -> Store:
    return open_store(folder, clock=_Clock()).store


def draft(n: int, *, revision: int = 1, words: int = 20) -> Draft:
    html = f"<body><p>{f'note {n}.{revision} ' * words}</p></body>"
    return Draft(DraftId(f"d{n}"), LeadId("lead_1"), note_html=html, revision=revision)


def filled(folder: Path, *, drafts: int = 60) -> list[Draft]:
    """A closed store with many drafts, a file on each, every third one queued."""
    built, kept = _built(drafts)
    shutil.copytree(built, folder, dirs_exist_ok=True)
    return kept


@cache
def _built(drafts: int) -> tuple[Path, list[Draft]]:
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    store = opened(folder)
    kept = [draft(n, words=100) for n in range(drafts)]
    for n, one in enumerate(kept):
        store.drafts.save(one)
        store.attachments.add(Attachment(AttachmentId(f"f{n}"), one.id, "a.txt", "text/plain", 2))
        (store.spool.folder / f"f{n}").write_bytes(b"xy")
        if n % 3 == 0:
            store.outbox.queue(one, entry_id=OutboxId(f"o{n}"), queued_at=NOW)
    store.close()
    return folder, kept


def all_drafts(store: Store) -> dict[str, Draft]:
    frozen = [entry.frozen for entry in store.outbox.entries()]
    return {draft.id: draft for draft in (*store.drafts.all(), *frozen)}


def damaged_names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if ".damaged-" in p.name)


# --- power cut


def test_a_power_cut_at_any_commit_loses_nothing_that_was_committed(tmp_path: Path):
    store = opened(tmp_path / "live")
    snapshots = []
    for n in range(12):
        store.drafts.save(draft(n % 3, revision=n))
        if n == 7:
            store.outbox.queue(draft(0, revision=7), entry_id=OutboxId("o"), queued_at=NOW)
        copy = tmp_path / f"cut-{n}"
        copy.mkdir()
        for ending in ("", "-wal"):
            shutil.copy(tmp_path / "live" / (FILE_NAME + ending), copy)
        snapshots.append((copy, all_drafts(store)))
    store.close()
    for copy, expected in snapshots:
        found = open_store(copy, clock=_Clock())
        assert found.problems == ()
        assert all_drafts(found.store) == expected
        found.store.close()


def test_a_torn_last_write_undoes_that_write_alone(tmp_path: Path):
    store = opened(tmp_path / "live")
    wal = tmp_path / "live" / (FILE_NAME + "-wal")
    states = [(wal.stat().st_size, all_drafts(store))]
    for n in range(8):
        store.drafts.save(draft(0, revision=n, words=300))
        states.append((wal.stat().st_size, all_drafts(store)))
    chance = random.Random(4)
    for cut in range(25):
        size = chance.randrange(states[0][0], states[-1][0] + 1)
        copy = tmp_path / f"torn-{cut}"
        copy.mkdir()
        shutil.copy(tmp_path / "live" / FILE_NAME, copy)
        (copy / (FILE_NAME + "-wal")).write_bytes(wal.read_bytes()[:size])
        found = open_store(copy, clock=_Clock())
        expected = [state for end, state in states if end <= size][-1]
        assert all_drafts(found.store) == expected
        assert found.problems == ()
        found.store.close()
    store.close()


# --- damage


def damage_truncate(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size * 4 // 5 // PAGE * PAGE)


def damage_cut_in_a_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size - PAGE - 1000)


def damage_garbage_pages(path: Path) -> None:
    pages = path.stat().st_size // PAGE
    chance = random.Random(1)
    with path.open("r+b") as file:
        for page in range(30, pages, 9):
            file.seek(page * PAGE)
            file.write(chance.randbytes(PAGE))


def damage_zeroed_pages(path: Path) -> None:
    pages = path.stat().st_size // PAGE
    with path.open("r+b") as file:
        for page in range(32, pages, 11):
            file.seek(page * PAGE)
            file.write(bytes(PAGE))


def damage_zeroed_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def damage_first_page(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(random.Random(2).randbytes(PAGE))


def damage_text_file(path: Path) -> None:
    path.write_bytes(b"this is no database\n" * 500)


def damage_empty_with_log(path: Path) -> None:
    path.with_name(path.name + "-wal").write_bytes(path.read_bytes())
    path.write_bytes(b"")


@pytest.mark.parametrize(
    ("damage", "at_least"),
    [
        (damage_truncate, 5),
        (damage_cut_in_a_page, 30),
        (damage_garbage_pages, 20),
        (damage_zeroed_pages, 20),
        (damage_zeroed_header, 60),
        (damage_first_page, 60),
        (damage_text_file, 0),
        (damage_empty_with_log, 0),
    ],
)
def test_damage_is_set_aside_and_what_is_readable_is_saved(tmp_path: Path, damage, at_least: int):
    kept = {d.id: d for d in filled(tmp_path)}
    damage(tmp_path / FILE_NAME)
    found_bytes = (tmp_path / FILE_NAME).read_bytes()
    opening = open_store(tmp_path, clock=_Clock())
    store = opening.store
    (problem,) = opening.problems
    assert problem.kind is ProblemKind.STORE_DAMAGED
    assert Path(problem.detail).read_bytes() == found_bytes
    saved = {key: d for key, d in all_drafts(store).items() if d.revision}
    print(f"{damage.__name__}: {len(saved)} of {len(kept)} drafts saved")
    assert len(saved) >= at_least
    for key, one in saved.items():
        broken = one != kept[key]  # ran into a lost page: legible, well-formed, and its own
        assert not broken or one.note_html.startswith(f"<body><p>note {key[1:]}.1 n")
        assert not broken or fromstring(one.note_html).tag == "body"
    assert sum(one != kept[key] for key, one in saved.items()) <= 2
    spooled = {p.name for p in store.spool.folder.iterdir()}
    aside = {p.name for folder in tmp_path.glob("*-files") for p in folder.iterdir()}
    assert spooled == store.attachments.ids()
    assert spooled | aside == {f"f{n}" for n in range(60)}
    assert store.drafts.save(draft(999))
    store.close()
    again = open_store(tmp_path, clock=_Clock())
    assert again.problems == ()
    again.store.close()


def test_what_stands_in_the_log_alone_is_saved(tmp_path: Path):
    store = opened(tmp_path / "live")
    for n in range(5):
        store.drafts.save(draft(n))
    folder = tmp_path / "copy"
    folder.mkdir()
    shutil.copy(tmp_path / "live" / (FILE_NAME + "-wal"), folder)
    (folder / FILE_NAME).touch()
    opening = open_store(folder, clock=_Clock())
    assert opening.problems
    assert all_drafts(opening.store) == all_drafts(store)
    opening.store.close()
    store.close()


def test_a_frozen_draft_whose_entry_is_lost_is_a_draft_again(tmp_path: Path):
    filled(tmp_path, drafts=4)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM outbox WHERE id = 'o0'")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_schema SET rootpage = 9999 WHERE name = 'note'")
    connection.close()
    opening = open_store(tmp_path, clock=_Clock())
    assert [p.kind for p in opening.problems] == [ProblemKind.STORE_DAMAGED]
    assert "d0" in {d.id for d in opening.store.drafts.all()}
    assert {e.id for e in opening.store.outbox.entries()} == {"o3"}
    opening.store.close()


def test_files_of_a_lost_draft_hang_on_an_empty_one(tmp_path: Path):
    filled(tmp_path, drafts=4)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("DELETE FROM draft WHERE id = 'd1'")  # foreign keys are off here
    connection.close()
    opening = open_store(tmp_path, clock=_Clock())
    assert opening.problems
    assert [a.id for a in opening.store.attachments.of_draft(DraftId("d1"))] == ["f1"]
    opening.store.close()


def test_two_damages_in_the_same_second_are_both_kept(tmp_path: Path):
    for _ in range(2):
        filled(tmp_path, drafts=1)
        damage_text_file(tmp_path / FILE_NAME)
        open_store(tmp_path, clock=_Clock()).store.close()
    assert len([n for n in damaged_names(tmp_path) if "files" not in n]) == 2


def test_damage_found_while_running_is_told(tmp_path: Path):
    filled(tmp_path)
    damage_garbage_pages(tmp_path / FILE_NAME)
    database = Database(tmp_path / FILE_NAME)
    with pytest.raises(StoreDamaged):
        database.read("SELECT * FROM draft")
    database.close()


# --- schemas


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path):
    filled(tmp_path, drafts=3)
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    connection.close()
    before = {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()}
    with pytest.raises(StoreNewer) as caught:
        opened(tmp_path)
    assert caught.value.path == tmp_path / FILE_NAME
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir() if p.is_file()} == before


def test_a_step_to_a_newer_schema_makes_a_copy_first(tmp_path: Path):
    kept = filled(tmp_path, drafts=3)
    steps = (*STEPS, ("ALTER TABLE lead ADD COLUMN extra TEXT",))
    store = open_store(tmp_path, clock=_Clock(), steps=steps).store
    assert set(all_drafts(store)) == {d.id for d in kept}
    store.close()
    (backup,) = tmp_path.glob(f"*.backup-v{len(STEPS)}-*")
    with sqlite3.connect(backup) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)
        assert connection.execute("SELECT count(*) FROM draft").fetchone() == (3,)
    connection.close()
    with pytest.raises(StoreNewer):
        opened(tmp_path)


def test_a_step_that_fails_leaves_the_old_schema(tmp_path: Path):
    filled(tmp_path, drafts=1)
    steps = (*STEPS, ("ALTER TABLE lead ADD COLUMN extra TEXT", "nonsense"))
    with pytest.raises(Exception, match="nonsense"):
        open_store(tmp_path, clock=_Clock(), steps=steps)
    store = opened(tmp_path)
    assert len(all_drafts(store)) == 1
    store.close()


# --- a full disk


def test_a_full_disk_is_told_and_nothing_is_half_done(tmp_path: Path):
    store = opened(tmp_path)
    store.drafts.save(draft(1))
    pages = store._database.one("PRAGMA page_count")[0]
    store._database.read(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreFull):
        store.drafts.save(draft(1, revision=2, words=20_000))
    with pytest.raises(StoreFull):
        store.outbox.queue(
            draft(2, words=20_000), entry_id=OutboxId("o"), queued_at=NOW, not_before=None
        )
    assert store.drafts.get(DraftId("d1")) == draft(1)
    assert store.outbox.entries() == ()
    assert store.drafts.get(DraftId("d2")) is None
    store._database.read("PRAGMA max_page_count = 100000")
    assert store.drafts.save(draft(1, revision=2, words=20_000))
    entry = store.outbox.queue(draft(2), entry_id=OutboxId("o"), queued_at=NOW)
    assert entry is not None
    assert entry.state is OutboxState.QUEUED
    store.close()


def test_files_are_private(tmp_path: Path):
    folder = tmp_path / "data"
    store = opened(folder)
    store.drafts.save(draft(1))
    store.spool.keep_bytes(AttachmentId("f1"), b"x")
    modes = {p.name: p.stat().st_mode & 0o777 for p in folder.rglob("*")}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes.pop("spool") == 0o700
    assert set(modes.values()) == {0o600}
    store.close()
