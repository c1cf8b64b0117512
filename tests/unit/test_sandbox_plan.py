"""Faults on order: which request is struck, how often, in which order."""

import pytest

from close_notes_gui.sandbox.faults import (
    STORAGE,
    Fault,
    FaultKind,
    FaultPlan,
    Gate,
    ThrottleStyle,
)
from tests.unit.sandbox_caller import Caller


def test_a_fault_strikes_the_requests_it_means_and_no_other() -> None:
    plan = FaultPlan()
    plan.add(Fault(FaultKind.DROP_BEFORE, method="POST", path="/activity/note/"))
    assert plan.take("GET", "/api/v1/activity/note/") is None
    assert plan.take("POST", "/api/v1/comment/") is None
    assert plan.take("POST", "/activity/note/", storage=True) is None
    assert plan.take("POST", "/api/v1/activity/note/") is not None
    assert plan.take("POST", "/api/v1/activity/note/") is None
    assert [fault.kind for fault in plan.struck] == [FaultKind.DROP_BEFORE]


def test_the_nth_the_next_k_and_for_ever() -> None:
    plan = FaultPlan()
    plan.add(Fault(FaultKind.STALL, skip=2, times=2))
    assert [plan.take("GET", "/") is not None for _ in range(6)] == [
        False,
        False,
        True,
        True,
        False,
        False,
    ]
    plan.add(Fault(FaultKind.STALL, times=None))
    assert all(plan.take("GET", "/") for _ in range(50))
    plan.clear()
    assert plan.take("GET", "/") is None
    assert plan.pending() == []


def test_faults_queue_up_in_order() -> None:
    plan = FaultPlan()
    plan.add(
        Fault(FaultKind.STALL),
        Fault(FaultKind.SLOW, times=2),
        Fault(FaultKind.CUT_SHORT, path=STORAGE),
    )
    kinds = [plan.take("GET", "/") for _ in range(4)]
    assert [fault.kind if fault else None for fault in kinds] == [
        FaultKind.STALL,
        FaultKind.SLOW,
        FaultKind.SLOW,
        None,
    ]
    storage = plan.take("POST", "/", storage=True)
    assert storage is not None
    assert storage.kind is FaultKind.CUT_SHORT


def test_faults_can_be_written_as_json() -> None:
    order = {"kind": "throttle", "style": "semicolons", "reset_s": 2.5, "path": "/me/"}
    assert Fault.from_json(order) == Fault(
        FaultKind.THROTTLE, style=ThrottleStyle.SEMICOLONS, reset_s=2.5, path="/me/"
    )
    for wrong in (
        {"kind": "none"},
        {},
        {"kind": "stall", "when": 1},
        {"kind": "throttle", "style": "loud"},
    ):
        with pytest.raises(ValueError):
            Fault.from_json(wrong)


def test_a_gate_opens_for_all_once() -> None:
    gate, calls = Gate(), []
    gate.when_open(lambda: calls.append("early"))
    assert not gate.wait(0)
    gate.open()
    gate.when_open(lambda: calls.append("late"))
    gate.open()
    assert calls == ["early", "late"]
    assert gate.wait(0)


def test_handle_consults_the_plan_by_itself() -> None:
    caller = Caller()
    caller.fake.faults.add(Fault(FaultKind.DROP_AFTER))
    answer = caller.get("/me/")
    assert answer.fault is not None
    assert caller.get("/me/").fault is None
