"""The list of people that opens at `@`: filters while typing, keys stay with the editor.

UI thread.
"""

import re
import unicodedata
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from close_notes_gui.model.lead import Directory
from close_notes_gui.ui.richtext.blocks import utf16
from close_notes_gui.ui.richtext.popup import Popup

_MOST = 8
_ROW = 28
_WIDTH = 280
# The sign opens the list at the start of a word; a name may hold one space.
_QUERY = re.compile(
    r"(?:^|[\s(\[{\u2028\ufffc\u00a0])@([^\s@\u2028\ufffc]{0,30}(?: [^\s@\u2028\ufffc]{0,30})?)$"
)


@dataclass(frozen=True, slots=True)
class Person:
    """One who can be mentioned. `key` is what a search looks in, folded."""

    id: str
    name: str
    note: str
    key: str


def folded(text: str) -> str:
    """Lower case without accents, for comparing."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def people_of(directory: Directory) -> tuple[Person, ...]:
    """Everyone in the directory, by name."""
    users = [
        Person(
            user.id,
            user.name,
            user.email,
            folded(f"{user.name} {user.email.partition(chr(64))[0]}"),
        )
        for user in directory.users
    ]
    groups = [
        Person(group.id, group.name, "Group", folded(group.name)) for group in directory.groups
    ]
    return tuple(sorted(users + groups, key=lambda person: folded(person.name)))


def matching(people: tuple[Person, ...], query: str) -> list[Person]:
    """The best few for a query: names that begin with it, then words, then anything within."""
    wanted = folded(query)
    words = [f" {wanted}"]
    ranked = [
        (0 if person.key.startswith(wanted) else 1 if words[0] in f" {person.key}" else 2, person)
        for person in people
        if wanted in person.key
    ]
    ranked.sort(key=lambda pair: pair[0])
    return [person for _, person in ranked[:_MOST]]


def query_before(cursor: QTextCursor) -> str | None:
    """What is typed after an `@` that ends at the cursor; None where there is none."""
    if cursor.hasSelection():
        return None
    before = utf16(cursor.block().text())[: cursor.positionInBlock()][-80:]
    match = _QUERY.search(before)
    return match[1] if match else None


class MentionPopup(Popup):
    """Invariant: visible only with at least one person in it, one of them current."""

    chosen = Signal(str, str)
    """Id and name."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._people: tuple[Person, ...] = ()
        self._list = QListWidget(self)
        self._list.setAccessibleName("People to mention")
        self._list.setFrameShape(QListWidget.Shape.NoFrame)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self._list.setUniformItemSizes(True)
        self._list.itemClicked.connect(self._on_list_item_clicked)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.addWidget(self._list)

    def set_people(self, directory: Directory) -> None:
        self._people = people_of(directory)

    def filter(self, query: str) -> bool:
        """Show who fits; False where no one does."""
        found = matching(self._people, query)
        self._list.clear()
        for person in found:
            item = QListWidgetItem(f"{person.name}   {person.note}" if person.note else person.name)
            item.setSizeHint(QSize(_WIDTH, _ROW))
            item.setData(Qt.ItemDataRole.UserRole, (person.id, person.name))
            self._list.addItem(item)
        if not found:
            self.hide()
            return False
        self._list.setCurrentRow(0)
        self._list.setFixedSize(_WIDTH, _ROW * len(found))
        return True

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key was for the list."""
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            step = 1 if key == Qt.Key.Key_Down else -1
            self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab} and not event.modifiers():
            self._choose(self._list.currentItem())
        elif key == Qt.Key.Key_Escape:
            self.hide()
        else:
            return False
        return True

    def _on_list_item_clicked(self, item: QListWidgetItem) -> None:
        self._choose(item)

    def _choose(self, item: QListWidgetItem) -> None:
        self.hide()
        person_id, name = item.data(Qt.ItemDataRole.UserRole)
        self.chosen.emit(person_id, name)
