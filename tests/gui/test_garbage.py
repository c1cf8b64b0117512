"""Cyclic garbage is deleted on the main thread, whoever made it and whoever allocates."""

import gc
import threading
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from close_notes_gui.app import Program
from close_notes_gui.startup.garbage import collect_due

Deleted = list[threading.Thread]


class Cycle:
    """Stands for a menu that only its own slots hold."""

    def __init__(self, deleted: Deleted) -> None:
        self.itself = self
        self.deleted = deleted

    def __del__(self) -> None:
        self.deleted.append(threading.current_thread())


def allocate() -> None:
    kept: list[list[list[int]]] = [[[]] for _ in range(120_000)]
    assert kept


def on_another_thread() -> None:
    thread = threading.Thread(target=allocate)
    thread.start()
    thread.join()


def test_another_thread_deletes_nothing():
    deleted: Deleted = []
    Cycle(deleted)
    on_another_thread()
    assert deleted == []
    kept: list[list[list[int]]] = [[[]] for _ in range(60_000)]  # enough for a look to be due
    for _ in range(30):  # up through the generations
        collect_due()
        kept += [[[]] for _ in range(60_000)]
    assert deleted == [threading.main_thread()]


def test_the_program_looks_from_time_to_time(qapp: QApplication, tmp_path: Path):
    gc.enable()
    program = Program(tmp_path, lambda _emit: pytest.fail("no engine here"))
    program._garbage.timeout.emit()
    assert not gc.isenabled()
    assert program._garbage.isActive()
    program.window.deleteLater()
    program.deleteLater()
