"""Nothing that rooms say to each other falls on deaf ears.

Every command is carried out by the engine, every event is folded into the state, every kind of
problem has words of its own, and each of them is in use.
"""

import ast
import dataclasses
import inspect
from collections.abc import Iterator
from types import ModuleType

import pytest

from close_notes_gui.model import commands, events, upkeep_commands, upkeep_events
from close_notes_gui.model.problem import Problem, ProblemKind
from close_notes_gui.present import reduce, wording
from tests.architecture.sources import Module, room


def subclasses(module: ModuleType, base: type) -> list[type]:
    """The concrete classes of the module under the base, the base itself left out."""
    classes = [kind for _, kind in inspect.getmembers(module, inspect.isclass)]
    own = [kind for kind in classes if kind.__module__ == module.__name__]
    return [kind for kind in own if issubclass(kind, base) and kind is not base]


COMMANDS = [
    *subclasses(commands, commands.Command),
    *subclasses(upkeep_commands, commands.Command),
]
EVENTS = [*subclasses(events, events.Event), *subclasses(upkeep_events, events.Event)]


def named_in_code(sources: tuple[Module, ...]) -> set[str]:
    """Names that code uses: those that are only imported do not count."""
    return {name for source in sources for name in _used(source.tree)}


def _used(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr


def called_in_code(*rooms: str) -> set[str]:
    """Names that are called, that is, of classes that are made."""
    calls = (
        node.func
        for name in rooms
        for source in room(name)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
    )
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls}


def test_there_is_something_to_hear():
    assert len(COMMANDS) > 10
    assert len(EVENTS) > 10


@pytest.mark.parametrize("command", COMMANDS, ids=lambda kind: kind.__name__)
def test_the_engine_carries_out(command: type[commands.Command]):
    is_named = command.__name__ in named_in_code(room("engine"))
    assert is_named


@pytest.mark.parametrize("event", EVENTS, ids=lambda kind: kind.__name__)
def test_the_state_folds(event: type[events.Event]):
    assert event in reduce.FOLDS


@pytest.mark.parametrize("kind", list(ProblemKind), ids=lambda kind: kind.name)
def test_words_exist_for(kind: ProblemKind):
    words = wording.words_for(Problem(kind))
    assert words.what.strip()
    assert not {"{", "}"} & set(words.text)
    assert kind.name not in words.text


def test_each_kind_of_problem_has_words_of_its_own():
    said: dict[str, ProblemKind] = {}
    for kind in ProblemKind:
        text = wording.words_for(Problem(kind)).text
        assert text not in said, f"{kind.name} reads like {said[text].name}"
        said[text] = kind


def test_each_command_is_given_by_someone():
    made = called_in_code("ui", "present", "app", "bridge")
    assert not [kind.__name__ for kind in COMMANDS if kind.__name__ not in made]


def test_each_event_is_told_by_the_engine():
    made = called_in_code("engine", "bridge")
    assert not [kind.__name__ for kind in EVENTS if kind.__name__ not in made]


def test_each_kind_of_problem_can_arise():
    rooms = ("engine", "closeapi", "store", "vault", "app", "bridge", "startup", "markup", "ui")
    used = {name for each in rooms for name in named_in_code(room(each))}
    assert not [kind.name for kind in ProblemKind if kind.name not in used]


def test_commands_and_events_are_frozen_values():
    for kind in (*COMMANDS, *EVENTS):
        assert dataclasses.is_dataclass(kind), kind.__name__
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(kind.__new__(kind), "changed", True)  # noqa: B010 - untyped
        assert "__slots__" in vars(kind), kind.__name__
