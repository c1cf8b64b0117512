"""Several accounts in the window: told, switched in one step, and nothing strays between them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton

from close_notes_gui.model import events as ev
from close_notes_gui.model.accounts import KnownAccount
from close_notes_gui.model.commands import (
    AcknowledgeStore,
    KeepTemplate,
    ReviseDraft,
    SendDraft,
    SignIn,
    SignOut,
)
from close_notes_gui.model.draft import Draft
from close_notes_gui.model.ids import DraftId, OrganizationId, UserId
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.model.secret import ApiKey
from close_notes_gui.model.settings import Settings
from close_notes_gui.model.upkeep_commands import UseAccount
from close_notes_gui.model.upkeep_events import AccountsKnown
from tests.gui.desk import ACCOUNT, SWAN, WANDERLUST, Desk
from tests.gui.test_panels import press, said

OTHER = replace(
    ACCOUNT,
    user_id=UserId("user_2"),
    user_name="Ruth at <b>Acme</b> & Co",
    organization_id=OrganizationId("orga_2"),
    organization_name="Acme Inc.",
)
SWITCH = UseAccount(OTHER.organization_id, OTHER.user_id)
THEIRS = Draft(DraftId("theirs"), note_html="<body><p>Theirs</p></body>", revision=3)


def known(desk: Desk, waiting: int | None = None) -> None:
    desk.hear(AccountsKnown((KnownAccount(ACCOUNT), KnownAccount(OTHER, waiting))))


def choose(desk: Desk, words: str) -> None:
    """Take an entry of the account's menu."""
    menu = desk.window.status.account.menu()
    menu.aboutToShow.emit()
    (action,) = [each for each in menu.actions() if words in each.text()]
    action.trigger()


def switched(desk: Desk) -> None:
    """The engine has exchanged the accounts."""
    desk.hear(ev.Loaded(Settings(), drafts=(THEIRS,), focused_draft=THEIRS.id, takes_over=False))
    desk.hear(ev.SignedIn(OTHER))


def test_the_menu_tells_who_there_is_and_what_waits(desk: Desk):
    known(desk, waiting=2)
    menu = desk.window.status.account.menu()
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions()]
    assert "Ruth at <b>Acme</b> && Co, Acme Inc.\t2 notes wait" in texts
    assert [a.text() for a in menu.actions() if a.isChecked()] == [
        "Ruth Example, Example Sales Inc."
    ]
    assert desk.window.status.text == "2 notes wait in Acme Inc."
    press(desk.window.status, "Switch")
    assert desk.of(UseAccount) == [SWITCH]


def test_one_step_switches_and_the_open_one_is_no_switch(desk: Desk):
    known(desk)
    choose(desk, "Example Sales")
    assert desk.of(UseAccount) == []
    choose(desk, "Acme")
    assert desk.of(UseAccount) == [SWITCH]


@pytest.mark.parametrize("when", ["before", "between"])
def test_what_is_typed_across_the_switch_stays_behind(desk: Desk, when: str):
    known(desk)
    desk.pick(WANDERLUST)
    desk.write("Mine")
    if when == "before":
        choose(desk, "Acme")
    else:
        choose(desk, "Acme")
        desk.write(" and more")
    switched(desk)
    words = "Mine" if when == "before" else "Mine and more"
    acknowledged = desk.posted.index(AcknowledgeStore(), desk.posted.index(SWITCH))
    before = [c for c in desk.posted[:acknowledged] if isinstance(c, ReviseDraft)]
    assert before[-1].draft.note_html == f"<body><p>{words}</p></body>"
    assert desk.text == "Theirs"
    assert list(desk.model.state.drafts) == [THEIRS.id]
    desk.write("!")
    desk.window.compose.flush()
    assert desk.last_draft().id == THEIRS.id
    later = desk.posted[acknowledged:]
    assert not [c for c in later if isinstance(c, (ReviseDraft, SendDraft)) and c.draft.lead_id]


def test_nothing_of_the_other_account_is_left_in_the_window(desk: Desk):
    desk.loaded(recents=[WANDERLUST, SWAN])
    known(desk)
    desk.hear(ev.TroubleArose(Problem(ProblemKind.DISK_FULL)))
    desk.search("wander", WANDERLUST)
    choose(desk, "Acme")
    switched(desk)
    state = desk.model.state
    assert state.recents == ()
    assert state.leads == {}
    assert state.search.hits == ()
    assert state.notices == ()
    assert state.index is None
    assert state.account == OTHER
    assert desk.window.picker.text() == ""


def test_a_template_being_written_stays_with_its_account(desk: Desk):
    known(desk)
    desk.window._wiring.templates.show_panel()
    press(desk.window.templates, "New template")
    QTest.keyClicks(desk.window.templates.writer.editor, "Half")
    switched(desk)
    acknowledged = max(n for n, c in enumerate(desk.posted) if isinstance(c, AcknowledgeStore))
    kept = [n for n, c in enumerate(desk.posted) if isinstance(c, KeepTemplate)]
    assert kept
    assert max(kept) < acknowledged
    assert desk.window.templates_panel.isHidden()
    assert desk.window.templates.writer.isHidden()
    assert desk.model.state.templates == ()


def test_accounts_in_the_settings(desk: Desk):
    known(desk, waiting=1)
    desk.window._wiring.show_settings()
    desk.window.settings.open_named("Accounts")
    told = said(desk.window.settings)
    assert "1 note waits" in told
    button = desk.child("Switch to Ruth at <b>Acme</b> & Co, Acme Inc.")
    assert isinstance(button, QPushButton)
    button.click()
    assert desk.of(UseAccount) == [SWITCH]


def test_adding_an_account_can_be_left_and_a_wrong_key_signs_nobody_out(desk: Desk):
    desk.write("Kept")
    choose(desk, "Add an account")
    assert desk.window.sign_in.isVisible()
    press(desk.window.sign_in, "Back")
    assert not desk.window.sign_in.isVisible()
    assert desk.text == "Kept"
    choose(desk, "Add an account")
    field = desk.child("API key")
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "api_wrong.wrong")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert desk.of(SignIn) == [SignIn(ApiKey("api_wrong.wrong"))]
    desk.hear(ev.SignInFailed(Problem(ProblemKind.KEY_REFUSED)))
    assert "does not accept" in said(desk.window.sign_in)
    desk.hear(ev.SignedIn(ACCOUNT))  # the one that is open was checked meanwhile
    assert desk.window.sign_in.isVisible()
    QTest.keyClick(desk.window.sign_in, Qt.Key.Key_Escape)
    assert not desk.window.sign_in.isVisible()
    assert desk.text == "Kept"


def test_adding_an_account_ends_in_it(desk: Desk):
    choose(desk, "Add an account")
    field = desk.child("API key")
    QTest.keyClicks(field, "api_good.good")
    QTest.keyClick(field, Qt.Key.Key_Return)
    switched(desk)
    assert not desk.window.sign_in.isVisible()
    assert desk.text == "Theirs"


def test_after_signing_out_the_others_are_offered(desk: Desk):
    known(desk, waiting=2)
    choose(desk, "Sign out")
    assert desk.of(SignOut)
    desk.hear(ev.SignedOut(), ev.Loaded(Settings()), AccountsKnown((KnownAccount(OTHER, 2),)))
    assert desk.window.sign_in.isVisible()
    press(desk.window.sign_in, "Ruth at <b>Acme</b> && Co, Acme Inc. (2 notes wait)")
    assert desk.of(UseAccount) == [SWITCH]
