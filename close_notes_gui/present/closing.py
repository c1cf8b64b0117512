"""Closing the window while notes wait: what it says, and how long it stays. Pure.

As mail programs do with a full outbox: it stays while what waits is really on its way, closes by
itself when that is out, and says at once what will not go now. Closed twice, it closes.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from close_notes_gui.model import commands as cmd
from close_notes_gui.model.amendment import Amendment, AmendmentState
from close_notes_gui.model.draft import OutboxEntry, OutboxState
from close_notes_gui.model.problem import Problem
from close_notes_gui.present.saving import is_at_risk, save_again, unsaved
from close_notes_gui.present.state import AppState, Closing, SignInState
from close_notes_gui.present.views import Action, ActionKind, Line, Tone
from close_notes_gui.present.when import plural
from close_notes_gui.present.wording import words_for

#: What is on its way has so long; large files may need more, and go on at the next start.
LONGEST_STAY: Final = timedelta(seconds=30)
#: Time to read why it closes although something waits.
READING_TIME: Final = timedelta(seconds=8)
#: A save takes milliseconds; what takes so long hangs, and is told nothing of.
SAVING_TIME: Final = timedelta(seconds=3)
KEY: Final = "closing"

_ON_ITS_WAY: Final = frozenset(
    {OutboxState.HELD, OutboxState.QUEUED, OutboxState.UPLOADING, OutboxState.POSTING}
)
_NEXT_START: Final = "when Close Notes starts again"


def waiting(state: AppState) -> tuple[OutboxEntry, ...]:
    """What goes out without the rep's doing, sooner or later."""
    return tuple(
        entry
        for entry in state.outbox.values()
        if entry.state in _ON_ITS_WAY or entry.state is OutboxState.UNCERTAIN
    )


def changes_waiting(state: AppState) -> tuple[Amendment, ...]:
    """What is to be done to notes in Close without the rep's doing."""
    return tuple(a for a in state.amendments.values() if a.state is not AmendmentState.FAILED)


def has_waiting(state: AppState) -> bool:
    """Whether something is still to go out, a note that Send was just pressed for included."""
    return bool(state.next_drafts or waiting(state) or changes_waiting(state))


def keeps_open(state: AppState) -> bool:
    """Whether there is a reason not to close at once: notes wait, or text is not on disk yet."""
    is_unsaved = state.is_loaded and bool(unsaved(state))
    return has_waiting(state) or is_unsaved or is_at_risk(state)


def begin(state: AppState, *, now: datetime) -> tuple[AppState, tuple[cmd.Command, ...]]:
    """The rep closed the window, and something keeps it open."""
    return tick(replace(state, closing=Closing(since=now)), now=now)


def tick(state: AppState, *, now: datetime) -> tuple[AppState, tuple[cmd.Command, ...]]:
    """Time goes by; what the disk refused is tried again. Without a closing, nothing happens."""
    closing = state.closing
    if closing is None:
        return state, ()
    stalled_since = closing.stalled_since
    if _is_going(state) and timedelta(0) <= now - closing.since < LONGEST_STAY:
        stalled_since = None
    elif stalled_since is None or stalled_since > now:
        stalled_since = now
    state = replace(state, closing=replace(closing, stalled_since=stalled_since))
    return save_again(state)


def is_over(state: AppState, now: datetime) -> bool:
    """Whether the window closes now."""
    closing = state.closing
    if closing is None:
        return False
    if is_at_risk(state):
        return False  # at the rep's word only
    if not has_waiting(state):
        return not unsaved(state) or abs(now - closing.since) >= SAVING_TIME
    return closing.stalled_since is not None and now - closing.stalled_since >= READING_TIME


def closing_line(state: AppState) -> Line | None:
    """Why the window is still there, and what becomes of the notes that wait."""
    closing = state.closing
    if closing is not None and state.save_problem is not None and is_at_risk(state):
        return _risk_line(state.save_problem)
    if closing is None or not has_waiting(state):
        return None
    actions = (
        Action(ActionKind.CLOSE_NOW, "Close now"),
        Action(ActionKind.KEEP_SENDING, "Keep sending in the background"),
        Action(ActionKind.DISMISS, "Stay open", KEY),
    )
    notes, changes = len(waiting(state)) + len(state.next_drafts), len(changes_waiting(state))
    number, what = notes + changes, _counted(notes, changes)
    them = "it is" if number == 1 else "they are"
    if closing.stalled_since is None:
        text = f"Sending {what}. The window closes as soon as {them} in Close."
        return Line(text, Tone.BUSY, actions, KEY)
    kept = (
        "It is kept on this computer and goes"
        if number == 1
        else "They are kept on this computer and go"
    )
    text = f"{_why(state, what, number)} {kept} out {_NEXT_START}. Closing in a moment."
    return Line(text, Tone.WARNING, actions, KEY)


def _counted(notes: int, changes: int) -> str:
    parts = (
        plural(notes, "note", "notes") if notes else "",
        plural(changes, "change", "changes") if changes else "",
    )
    return " and ".join(part for part in parts if part)


def _risk_line(problem: Problem) -> Line:
    words = words_for(problem)
    text = f"{words.what} If the window is closed now, what you wrote last is lost. {words.todo}"
    actions = (
        Action(ActionKind.DISMISS, "Stay open", KEY),
        Action(ActionKind.CLOSE_NOW, "Close and lose it"),
    )
    return Line(text.strip(), Tone.BAD, actions, KEY)


def _why(state: AppState, what: str, number: int) -> str:
    wait = "waits" if number == 1 else "wait"
    if state.sign_in is SignInState.NEEDED:
        return f"{what} {wait} until you sign in."
    if not state.is_online:
        return f"{what} {wait} for the network."
    checked = [entry.state is OutboxState.UNCERTAIN for entry in waiting(state)]
    checked += [a.state is AmendmentState.UNCERTAIN for a in changes_waiting(state)]
    if all(checked) and not state.next_drafts:
        return f"{what} may be in Close already; that is checked first, so nothing goes twice."
    return f"{what} {'is' if number == 1 else 'are'} not in Close yet."


def _is_going(state: AppState) -> bool:
    """Whether waiting is worth while: something moves without a wait that nobody can foresee."""
    if state.next_drafts:
        return True
    if state.is_stopped or state.sign_in is SignInState.NEEDED or not state.is_online:
        return False
    return any(
        entry.state in _ON_ITS_WAY and entry.problem is None for entry in state.outbox.values()
    ) or any(
        change.state is not AmendmentState.UNCERTAIN and change.problem is None
        for change in changes_waiting(state)
    )
