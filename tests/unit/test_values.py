"""The fast `dataclass` for frozen values does what the library's own does."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import Any

import pytest

from close_notes_gui.model import values


def kinds(dataclass: Callable[..., Any]) -> tuple[Any, ...]:
    @dataclass(frozen=True, slots=True)
    class Nothing:
        """No field."""

    @dataclass(frozen=True, slots=True)
    class One:
        """One field."""

        only: float

    @dataclass(frozen=True, slots=True)
    class Many:
        """All that is in use."""

        name: str
        number: int = 7
        things: dict[str, int] = field(default_factory=dict)
        note: str = field(default="", compare=False)
        hidden: str = field(default="secret", repr=False)

        @property
        def loud(self) -> str:
            return self.name.upper()

    @dataclass(frozen=True, slots=True)
    class More(Many):
        """With a base, a check and a word of its own."""

        extra: tuple[int, ...] = ()

        def __post_init__(self) -> None:
            if self.number < 0:
                raise ValueError("negative")

        def __repr__(self) -> str:
            return "more"

    return Nothing, One, Many, More


OURS, THEIRS = kinds(values.dataclass), kinds(dataclasses.dataclass)
CALLS: tuple[tuple[int, tuple[Any, ...], dict[str, Any]], ...] = (
    (0, (), {}),
    (1, (1.5,), {}),
    (1, (), {"only": float("nan")}),
    (2, ("a",), {}),
    (2, ("a", 8), {"things": {"x": 1}, "note": "n"}),
    (2, (), {"name": "b", "number": 8}),
    (3, ("a",), {"extra": (1, 2)}),
)


@pytest.mark.parametrize(("place", "arguments", "named"), CALLS)
def test_it_is_made_shown_and_compared_alike(place: int, arguments: Any, named: Any) -> None:
    ours, theirs = OURS[place](*arguments, **named), THEIRS[place](*arguments, **named)
    assert repr(ours) == repr(theirs)
    assert repr(dataclasses.asdict(ours)) == repr(dataclasses.asdict(theirs))
    assert ours != theirs
    assert (ours == 3) is False
    assert not hasattr(ours, "__dict__")
    signatures = [inspect.signature(kind[place]).parameters for kind in (OURS, THEIRS)]
    assert list(signatures[0]) == list(signatures[1])
    assert type(ours).__match_args__ == type(theirs).__match_args__


def test_fields_that_are_not_compared_do_not_count() -> None:
    many = OURS[2]
    assert many("a") == many("a")
    assert many("a", note="x") == many("a", note="y")
    assert many("a") != many("b")
    assert OURS[1](1.0) != OURS[1](2.0)
    assert hash(OURS[1](1.0)) == hash(OURS[1](1.0))
    assert len({OURS[0](), OURS[0]()}) == 1


def test_each_gets_a_default_of_its_own() -> None:
    assert OURS[2]("a").things is not OURS[2]("a").things


def test_it_stays_as_it_is() -> None:
    made = OURS[2]("a")
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made.name
    with pytest.raises(AttributeError):
        made.other = 1
    assert made.name == "a"


def test_replace_copies_and_checks() -> None:
    more = OURS[3]("a", extra=(1,))
    changed = dataclasses.replace(more, number=9)
    assert (changed.number, changed.extra, changed.loud) == (9, (1,), "A")
    with pytest.raises(ValueError, match="negative"):
        dataclasses.replace(more, number=-1)


def test_wrong_arguments_are_refused() -> None:
    for bad in (OURS[1], lambda: OURS[1](1, 2), lambda: OURS[1](other=1)):
        with pytest.raises(TypeError, match="__init__"):
            bad()


def test_match_takes_it_apart() -> None:
    match OURS[1](2.5):
        case values_of if values_of.only == 2.5:
            pass
        case _:
            pytest.fail("not taken apart")


@values.dataclass(frozen=True, slots=True)
class Kept:
    """One that pickle can find."""

    name: str
    things: tuple[int, ...] = ()


def test_it_is_copied_and_pickled() -> None:
    kept = Kept("a", (1,))
    assert copy.copy(kept) == kept
    assert copy.deepcopy(kept) == kept
    assert pickle.loads(pickle.dumps(kept)) == kept


def test_values_in_values_are_each_compared_once() -> None:
    """With two looks at each, forty deep would take for ever."""
    first = second = OURS[1](0.0)
    for _ in range(40):
        first, second = OURS[1](first), OURS[1](second)
    assert first == second
    assert hash(first) == hash(second)
