"""What lies on the disk is measured and cleared; a report tells how things are, and no secret."""

import json
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from close_notes_gui.engine import template_files
from close_notes_gui.model.commands import OpenLead, ReviseDraft
from close_notes_gui.model.events import (
    AttachmentChanged,
    DraftSaved,
    NotesLoaded,
    SignedIn,
    TroubleArose,
)
from close_notes_gui.model.ids import TemplateId
from close_notes_gui.model.problem import ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.storage import StorageKind
from close_notes_gui.model.template import Template
from close_notes_gui.model.upkeep_commands import (
    ClearCaches,
    ExportTemplates,
    ImportTemplates,
    MeasureStorage,
    SaveDiagnostics,
)
from close_notes_gui.model.upkeep_events import (
    DiagnosticsSaved,
    StorageMeasured,
    TemplatesExported,
    TemplatesImported,
)
from close_notes_gui.startup.journal import open_log
from tests.engine.engine_rig import Bench, drop, file_of, note_html

pytestmark = pytest.mark.anyio
K = StorageKind


@pytest.fixture
async def bench(tmp_path):
    return Bench(tmp_path)


@pytest.fixture
def log_file(bench: Bench):
    """The program's log in the data folder."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield open_log(bench.folder)
    for handler in root.handlers[:]:
        if handler not in before:
            handler.close()
            root.removeHandler(handler)
    root.setLevel(level)


async def sizes(bench: Bench) -> dict[StorageKind, int]:
    place = bench.place
    bench.post(MeasureStorage())
    told = await bench.told(StorageMeasured, since=place)
    assert told.folder == bench.folder
    return {part.kind: part.size_bytes for part in told.parts}


async def test_what_lies_on_the_disk_is_measured(bench: Bench, tmp_path):
    async with bench.signed_in():
        before = await sizes(bench)
        assert before[K.NOTES] > 0
        assert before[K.ATTACHMENTS] == 0
        draft = bench.draft()
        bench.post(ReviseDraft(draft))
        drop(bench, draft, file_of(tmp_path, "a.txt", b"x" * 5000))
        await bench.told(AttachmentChanged)
        assert (await sizes(bench))[K.ATTACHMENTS] >= 5000
        other = bench.folder / "accounts" / "orga_other_user" / "close-notes.db"
        other.parent.mkdir()
        other.write_bytes(b"x" * 7000)
        assert (await sizes(bench))[K.ACCOUNTS] == 7000 + before[K.ACCOUNTS]


async def test_caches_are_cleared_and_the_reps_own_work_stays(bench: Bench):
    async with bench.signed_in():
        draft = bench.draft(note_html=note_html("Mine"))
        bench.post(ReviseDraft(draft), OpenLead(bench.leads[0]))
        await bench.told(NotesLoaded, lambda told: not told.is_cached)
        store = bench.workplace.store
        small = store.folder / "files" / "thumbnails" / "one"
        small.parent.mkdir(parents=True)
        small.write_bytes(b"picture")
        place = bench.place
        bench.post(ClearCaches())
        told = await bench.told(StorageMeasured, since=place)
        assert told.are_caches_cleared
        assert not small.exists()
        assert store.census.figures()["notes known"] == {"all": 0}
        assert [kept.note_html for kept in store.drafts.all()] == [draft.note_html]


def facts_of(report: Path) -> dict[str, Any]:
    text = report.read_text("utf-8").split("== Facts\n")[1].split("\n\n== Log")[0]
    facts: dict[str, Any] = json.loads(text)
    return facts


SECRETS = {
    "text": "Zephyrwords of the note",
    "title": "Quixotic title",
    "lead": "Umbrella Lead Corp",
    "file": "Obsidian-file.txt",
    "template": "Kumquat template",
    "template text": "Marzipan text",
}


async def test_a_report_tells_how_things_are_and_no_secret(bench: Bench, tmp_path, log_file):
    target = tmp_path / "report.txt"
    async with bench.signed_in():
        account = (await bench.told(SignedIn)).account
        draft = bench.draft(
            note_html=note_html(SECRETS["text"]), title=SECRETS["title"], lead_name=SECRETS["lead"]
        )
        bench.post(ReviseDraft(draft))
        drop(bench, draft, file_of(tmp_path, SECRETS["file"], b"secret bytes"))
        await bench.told(DraftSaved)
        await bench.told(AttachmentChanged)
        bench.post(OpenLead(bench.leads[0]))
        await bench.told(NotesLoaded, lambda told: not told.is_cached)
        bench.workplace.store.templates.keep(
            Template(TemplateId("t"), SECRETS["template"], note_html(SECRETS["template text"]))
        )
        lead = bench.workplace.store.leads.get(bench.leads[0])
        assert lead is not None
        private = [
            *SECRETS.values(), bench.fake.api_key, account.user_name, account.email,
            account.organization_name, account.user_id, account.organization_id, lead.name,
            *(contact.name for contact in lead.contacts),
            *(mail for contact in lead.contacts for mail in contact.emails),
            *(phone for contact in lead.contacts for phone in contact.phones),
            "secret bytes",
        ]  # fmt: skip
        log = logging.getLogger("close_notes_gui.test")
        for secret in private:  # as a careless line of the log would have it
            log.info("it went wrong with %s here", secret)
        try:
            raise RuntimeError(" ".join(private))
        except RuntimeError:
            log.info("careless", exc_info=True)
        bench.post(SaveDiagnostics(target, (("Qt", "6.9"),)))
        assert (await bench.told(DiagnosticsSaved)).target == target
    report = target.read_text("utf-8")
    assert [secret for secret in private if secret in report] == []
    words = {word for secret in private for word in secret.split() if word[0].isupper()}
    assert [word for word in sorted(words) if len(word) > 3 and f" {word} " in report] == []
    assert "Qt: 6.9" in report
    facts = facts_of(target)
    assert facts["counts"]["drafts"] == {"open": 1}
    assert facts["counts"]["templates"] == {"kept": 1}
    assert facts["settings"]["undo_send_s"] == Settings().undo_send_s
    assert facts["is online"] is True
    assert "close_notes_gui.test […]" in report
    assert "RuntimeError" in report


async def test_a_report_is_written_where_no_store_could_be_opened(bench: Bench, tmp_path):
    bench.folder.mkdir(parents=True, exist_ok=True)
    (bench.folder / "unsigned").write_text("no folder")
    target = tmp_path / "report.txt"
    async with bench.running():
        bench.post(MeasureStorage(), SaveDiagnostics(target))
        await bench.told(DiagnosticsSaved)
        await bench.told(StorageMeasured)
    assert facts_of(target)["store"] != "open"


async def test_a_report_says_when_the_last_hard_crash_was(bench: Bench, tmp_path):
    bench.folder.mkdir(parents=True)
    stack = bench.folder / "crash.txt"
    stack.write_text("Fatal Python error: Segmentation fault\n")
    os.utime(stack, (1_790_000_000, 1_790_000_000))
    target = tmp_path / "report.txt"
    async with bench.running():
        bench.post(SaveDiagnostics(target))
        await bench.told(DiagnosticsSaved)
        assert facts_of(target)["last hard crash"] == "2026-09-21T14:13:20+00:00"
        assert "Fatal Python error" in target.read_text("utf-8")
        stack.write_text("")
        before = bench.place
        bench.post(SaveDiagnostics(target))
        await bench.told(DiagnosticsSaved, since=before)
        assert facts_of(target)["last hard crash"] == "none"


async def test_a_report_that_cannot_be_written_is_told(bench: Bench, tmp_path):
    async with bench.signed_in():
        bench.post(SaveDiagnostics(tmp_path / "no such folder" / "report.txt"))
        trouble = await bench.told(TroubleArose)
        assert trouble.problem.kind is ProblemKind.FILE_UNWRITABLE
        assert trouble.problem.subject == "report.txt"


async def test_templates_go_out_as_markdown_and_come_back(bench: Bench, tmp_path):
    html = note_html("Dear {{contact.first_name}}")
    templates = (Template(TemplateId("a"), "Hi/there", html), Template(TemplateId("b"), "Hi", html))
    out = tmp_path / "out"
    out.mkdir()
    (out / "Hi.md").write_text("the rep's own")
    async with bench.signed_in():
        bench.post(ExportTemplates(templates, out))
        assert (await bench.told(TemplatesExported)).number == 2
        assert sorted(path.name for path in out.iterdir()) == ["Hi (2).md", "Hi.md", "Hi_there.md"]
        assert (out / "Hi.md").read_text() == "the rep's own"
        bench.post(ImportTemplates((out / "Hi_there.md", out / "Hi (2).md", out / "Hi_there.md")))
        assert (await bench.told(TemplatesImported)).number == 3
        kept = {t.name: t.note_html for t in bench.workplace.store.templates.all()}
        assert kept == {"Hi_there": html, "Hi (2)": html, "Hi_there (2)": html}


async def test_a_file_that_is_no_template_is_told_and_the_others_come(bench: Bench, tmp_path):
    good = file_of(tmp_path, "good.md", b"\xef\xbb\xbf# Good")
    files = (
        tmp_path / "gone.md",
        file_of(tmp_path, "binary.md", b"\xff\xfe\x00"),
        file_of(tmp_path, "huge.md", b"x" * (1024 * 1024 + 1)),
        good,
    )
    async with bench.signed_in():
        bench.post(ImportTemplates(files))
        assert (await bench.told(TemplatesImported)).number == 1
        told = {t.problem.subject: t.problem.kind for t in bench.all(TroubleArose)}
        assert told == {
            "gone.md": ProblemKind.FILE_UNREADABLE,
            "binary.md": ProblemKind.FILE_UNREADABLE,
            "huge.md": ProblemKind.FILE_TOO_LARGE,
        }
        (template,) = bench.workplace.store.templates.all()
        assert template.note_html == "<body><h1>Good</h1></body>"


async def test_an_export_that_cannot_be_written_is_told(bench: Bench, tmp_path):
    template = Template(TemplateId("a"), "A", note_html("a"))
    async with bench.signed_in():
        bench.post(ExportTemplates((template,), tmp_path / "no such folder"))
        trouble = await bench.told(TroubleArose)
        assert trouble.problem.kind is ProblemKind.FILE_UNWRITABLE


async def test_no_template_is_read_or_written_on_the_loop(bench: Bench, tmp_path, monkeypatch):
    """300 KB of lists take seconds: notes would not go out meanwhile."""
    threads: list[int] = []

    def seen(work: Callable[[str], str]) -> Callable[[str], str]:
        def run(text: str) -> str:
            threads.append(threading.get_ident())
            return work(text)

        return run

    for name in ("markdown_to_note_html", "note_html_to_markdown"):
        monkeypatch.setattr(template_files, name, seen(getattr(template_files, name)))
    async with bench.signed_in():
        bench.post(ImportTemplates((file_of(tmp_path, "a.md", b"# A"),)))
        await bench.told(TemplatesImported)
        bench.post(ExportTemplates((Template(TemplateId("a"), "A", note_html("a")),), tmp_path))
        await bench.told(TemplatesExported)
    assert len(threads) == 2
    assert threading.get_ident() not in threads


async def test_names_as_long_as_the_disk_takes_are_told_apart(bench: Bench, tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    name = "ü" * 126  # 252 bytes: with a number and .md behind it, more than a name may have
    templates = tuple(Template(TemplateId(k), name, note_html(k)) for k in "ab")
    async with bench.signed_in():
        bench.post(ExportTemplates(templates, out))
        assert (await bench.told(TemplatesExported)).number == 2
    assert {path.read_text().strip() for path in out.iterdir()} == {"a", "b"}


async def test_a_template_from_a_file_has_a_name_as_one_that_is_typed(bench: Bench, tmp_path):
    path = file_of(tmp_path, "Offer \u202e " + "long " * 40 + ".md")
    async with bench.signed_in():
        bench.post(ImportTemplates((path, path)))
        await bench.told(TemplatesImported)
        names = {t.name for t in bench.workplace.store.templates.all()}
    assert len(names) == 2
    assert all(name.startswith("Offer long ") and len(name) <= 90 for name in names)
