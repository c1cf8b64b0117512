"""Finding a lead by the keyboard."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListView

from close_notes_gui.model import events as ev
from close_notes_gui.model.commands import OpenLead, SearchLeads
from close_notes_gui.model.lead import LeadHit
from close_notes_gui.present.views import LeadRow
from close_notes_gui.ui.lead_rows import _utf16, spoken
from tests.gui.desk import SWAN, WANDERLUST, WANDSWORTH, Desk, lead


def key(desk: Desk, pressed: Qt.Key) -> None:
    QTest.keyClick(desk.window.picker, pressed)


def picked(desk: Desk) -> list[str]:
    return [command.lead_id for command in desk.of(OpenLead)]


def results(desk: Desk) -> QListView:
    found = desk.window.picker.results.findChild(QListView)
    assert isinstance(found, QListView)
    return found


def test_each_letter_asks(desk: Desk):
    desk.search("wan")
    assert [command.text for command in desk.of(SearchLeads)][-3:] == ["w", "wa", "wan"]


def test_enter_picks_the_best(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH)
    key(desk, Qt.Key.Key_Return)
    assert picked(desk) == [WANDERLUST.id]
    assert desk.window.compose.editor.hasFocus()
    assert not desk.window.picker.results.isVisible()
    assert desk.window.picker.text() == ""


def test_down_and_enter_pick_the_second(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH, SWAN)
    for pressed in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        key(desk, pressed)
    assert picked(desk) == [WANDSWORTH.id]


def test_the_marked_row_stays_within_the_list(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH)
    for pressed in (Qt.Key.Key_PageDown, Qt.Key.Key_PageDown, Qt.Key.Key_Down, Qt.Key.Key_Return):
        key(desk, pressed)
    assert picked(desk) == [WANDSWORTH.id]


def test_control_and_figure_pick_that_row(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH)
    QTest.keyClick(desk.window.picker, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert picked(desk) == [WANDSWORTH.id]


def test_a_click_picks(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH)
    rows = results(desk)
    at = rows.visualRect(rows.model().index(1, 0)).center()
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at))
    assert picked(desk) == [WANDSWORTH.id]


def test_enter_waits_for_the_rows_of_the_words_typed(desk: Desk):
    """The rows in sight answer to "wan"; the rep has gone on to "swa" and pressed Enter."""
    desk.search("wan", WANDERLUST)
    desk.window.picker.selectAll()
    QTest.keyClicks(desk.window.picker, "swa")
    key(desk, Qt.Key.Key_Return)
    assert picked(desk) == []
    desk.found(SWAN, stage=ev.SearchStage.LOCAL)
    assert picked(desk) == [SWAN.id]


def test_what_is_typed_after_an_early_enter_goes_to_the_lead_once_found(desk: Desk):
    desk.pick(WANDERLUST)
    desk.write("For Wanderlust")
    desk.window.picker.open()
    QTest.keyClicks(desk.window.picker, "swa")
    key(desk, Qt.Key.Key_Return)
    assert desk.window.compose.editor.hasFocus()
    desk.write("For Swan")
    assert desk.text == "For Wanderlust"
    desk.found(SWAN, stage=ev.SearchStage.LOCAL)
    assert desk.text == "For Swan"
    assert desk.model.state.draft.lead_id == SWAN.id


def test_an_early_enter_that_finds_nothing_loses_no_key(desk: Desk):
    desk.window.picker.open()
    QTest.keyClicks(desk.window.picker, "zzz")
    key(desk, Qt.Key.Key_Return)
    desk.write("Written on")
    desk.found(stage=ev.SearchStage.LOCAL)  # no answer yet: Close may know more
    assert desk.text == ""
    desk.found()
    assert desk.text == "Written on"
    assert desk.window.compose.editor.hasFocus()  # what is typed is never taken elsewhere
    assert picked(desk) == []


def test_an_early_enter_that_finds_nothing_leads_back(desk: Desk):
    desk.window.picker.open()
    QTest.keyClicks(desk.window.picker, "zzz")
    key(desk, Qt.Key.Key_Return)
    desk.found()
    assert desk.window.picker.hasFocus()


def test_the_list_is_as_high_as_what_it_says(desk: Desk, qtbot):
    desk.window.resize(420, 560)
    desk.search("z" * 60 + " nobody at all is called that, not even nearly")
    line = desk.window.picker.results._line
    # Its height is known one round of the layout after its words.
    qtbot.waitUntil(lambda: line.height() >= line.heightForWidth(line.width()))
    assert desk.window.picker.results.height() < 110


def test_typing_on_in_the_field_takes_back_an_early_enter(desk: Desk):
    desk.search("wan", WANDERLUST)
    QTest.keyClicks(desk.window.picker, "d")
    key(desk, Qt.Key.Key_Return)
    desk.window.picker.setFocus()
    QTest.keyClicks(desk.window.picker, "s")
    desk.found(WANDSWORTH)
    assert picked(desk) == []


def test_an_older_answer_changes_nothing(desk: Desk):
    desk.search("wan", WANDERLUST)
    old = desk.of(SearchLeads)[-2]
    desk.hear(ev.LeadsFound(old.seq, old.text, (LeadHit(SWAN),), ev.SearchStage.CLOSE))
    key(desk, Qt.Key.Key_Return)
    assert picked(desk) == [WANDERLUST.id]


def test_the_marked_lead_stays_marked_when_more_come(desk: Desk):
    desk.search("wan", WANDERLUST, WANDSWORTH, stage=ev.SearchStage.LOCAL)
    key(desk, Qt.Key.Key_Down)
    desk.found(SWAN, WANDERLUST, WANDSWORTH)
    key(desk, Qt.Key.Key_Return)
    assert picked(desk) == [WANDSWORTH.id]


def test_escape_clears_and_then_leaves(desk: Desk):
    desk.search("wan", WANDERLUST)
    key(desk, Qt.Key.Key_Escape)
    assert desk.window.picker.text() == ""
    assert desk.of(SearchLeads)[-1].text == ""
    assert desk.window.picker.hasFocus()
    key(desk, Qt.Key.Key_Escape)
    assert desk.window.compose.editor.hasFocus()
    assert not desk.window.picker.results.isVisible()


def test_no_match_is_said_in_the_lists_place(desk: Desk):
    desk.search("zzz")
    assert desk.window.picker.results.isVisible()
    assert not results(desk).isVisible()


def test_a_row_is_spoken_in_full():
    row = LeadRow(WANDERLUST.id, "Wanderlust", "Potential", "Grace  ·  grace@x.org", has_draft=True)
    assert spoken(row) == "Wanderlust, Potential, Grace, grace@x.org, has a draft"


def test_bold_parts_count_as_qt_counts():
    assert _utf16("🛫 Wander", 2) == 3


def test_names_are_drawn_as_they_are(desk: Desk):
    """Markup, right-to-left, emoji, very long: painting must neither fail nor warn."""
    odd = [
        lead(name, n)
        for n, name in enumerate(
            ["<img src=x>", "\u200fשלום Wan", "🛫🛬 Wanderer 👩‍🚀", "W" * 5000, "", "a\nb\tc"], 10
        )
    ]
    desk.search("w", *odd)
    assert not desk.window.grab().isNull()
    assert results(desk).model().rowCount() == len(odd)


def test_what_was_scrolled_to_stays_when_closes_answer_joins(desk: Desk):
    known = [lead(f"Wander {n}", n) for n in range(15)]
    desk.search("wan", *known, stage=ev.SearchStage.LOCAL)
    rows = results(desk)
    rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum())
    before = rows.verticalScrollBar().value()
    assert before > 0
    desk.found(*known, *[lead(f"Wander far {n}", n) for n in range(20, 25)])
    assert rows.model().rowCount() == 20
    assert rows.verticalScrollBar().value() == before
    desk.search("d", *known)
    assert rows.verticalScrollBar().value() == 0, "other words begin at the top"


def test_a_list_for_something_else_begins_at_the_top(desk: Desk):
    known = [lead(f"Wander {n}", n) for n in range(15)]
    desk.loaded(recents=known)
    desk.search("wan", *reversed(known))
    rows = results(desk)
    rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum())
    key(desk, Qt.Key.Key_Return)
    desk.window.picker.open()
    assert rows.model().rowCount() == 15
    assert rows.verticalScrollBar().value() == 0
