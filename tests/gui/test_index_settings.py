"""What the window tells of the leads kept for search, and what the rep can do about them."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QPushButton

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import ChangeSettings, ClearIndex, OpenLead
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId, UserId
from close_notes_gui.model.lead import Directory, LeadHit, MatchedBy
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.settings import Settings
from close_notes_gui.present import show
from close_notes_gui.present.show_index import index_line
from tests.gui.desk import SWAN, WANDERLUST, Desk


def test_progress_is_told_quietly_and_ends(desk: Desk):
    desk.loaded()
    desk.hear(ev.IndexProgressed(1200, expected=5000, size_bytes=900_000))
    assert desk.window.status.text == "Reading leads for search: 1,200 of 5,000 leads"
    assert index_line(desk.model.state).text.startswith("Reading leads: 1,200 of 5,000 leads")
    desk.hear(ev.IndexProgressed(5000, expected=5000, is_complete=True, size_bytes=4_000_000))
    assert desk.window.status.text == ""
    assert index_line(desk.model.state).text.startswith("All leads: 5,000 leads, ")
    trouble = Problem(ProblemKind.DISK_FULL)
    desk.hear(ev.IndexProgressed(5000, is_complete=True, problem=trouble))
    assert "5,000 leads" in index_line(desk.model.state).text


def test_settings_switch_pause_and_clear(desk: Desk):
    desk.loaded()
    desk.window.settings_button.click()
    desk.window.settings.open_named("Search")
    clear = desk.child("Delete the kept leads and read them anew")
    assert isinstance(clear, QPushButton)
    clear.click()
    assert len(desk.of(ClearIndex)) == 1
    boxes = {box.text(): box for box in desk.window.settings.findChildren(QCheckBox)}
    boxes["Pause reading leads"].click()
    assert desk.of(ChangeSettings)[-1].settings.index_is_paused
    boxes["Keep all leads on this computer, for instant search"].click()
    off = desk.of(ChangeSettings)[-1].settings
    assert not off.index_leads
    desk.hear(ev.SettingsChanged(off))
    assert not clear.isEnabled()


def test_signing_out_says_what_is_deleted_and_what_stays(desk: Desk):
    desk.loaded()
    desk.hear(ev.SignedOut(index_deleted=True), ev.SignInNeeded())
    line = show.sign_in_view(desk.model.state).line
    assert line is not None
    assert "leads kept for search and the notes read from Close were deleted" in line.text
    assert "drafts and waiting notes stay" in line.text
    desk.hear(ev.SignedOut(index_deleted=False), ev.SignInNeeded())
    line = show.sign_in_view(desk.model.state).line
    assert line is not None
    assert "The notes read from Close were deleted" in line.text


def test_somebody_else_sees_nothing_of_the_last_search(desk: Desk):
    desk.loaded(recents=[WANDERLUST])
    desk.search("wander")
    seq = desk.model.state.search.seq
    desk.hear(ev.LeadsFound(seq, "wander", (LeadHit(WANDERLUST),), ev.SearchStage.CLOSE))
    account = desk.model.state.account
    assert account is not None
    other = replace(account, user_id=UserId("user_other"))
    desk.hear(ev.Loaded(Settings()), ev.SignedIn(other))
    state = desk.model.state
    assert (state.search.text, state.search.hits, state.recents) == ("", (), ())
    assert state.directory == Directory()


def test_an_empty_search_shows_recents_and_leads_with_drafts(desk: Desk):
    draft = Draft(
        DraftId("d1"), lead_id=SWAN.id, lead_name=SWAN.name, note_html="<body><p>x</p></body>"
    )
    desk.loaded(drafts=[draft], recents=[WANDERLUST])
    rows = show.search_view(desk.model.state).rows
    assert [(row.name, row.has_draft) for row in rows] == [
        (WANDERLUST.name, False),
        (SWAN.name, True),
    ]


def test_a_renamed_lead_is_renamed_and_a_deleted_one_leaves_the_recents(desk: Desk):
    desk.loaded(recents=[WANDERLUST, SWAN])
    renamed = type(WANDERLUST)(WANDERLUST.id, "Wanderlust & Sons")
    desk.hear(ev.LeadsRefreshed(changed=(renamed,), gone=(SWAN.id,)))
    assert [row.name for row in show.search_view(desk.model.state).rows] == ["Wanderlust & Sons"]


def test_a_persons_name_picks_that_person(desk: Desk):
    desk.loaded()
    desk.search("ada")
    person = WANDERLUST.contacts[1]
    hit = LeadHit(WANDERLUST, MatchedBy.CONTACT, person.name, person.id)
    seq = desk.model.state.search.seq
    desk.hear(ev.LeadsFound(seq, "ada", (hit,), ev.SearchStage.CLOSE))
    QTest.keyClick(desk.window.picker, Qt.Key.Key_Return)
    assert desk.of(OpenLead)[-1].lead_id == WANDERLUST.id
    assert desk.model.state.draft.contact_id == person.id
