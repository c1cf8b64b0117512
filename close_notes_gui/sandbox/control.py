"""What tests of another process ask the loopback server: state, faults, operations.

Any thread. Lives under ``/_sandbox/`` and needs no key, for the server
listens on loopback only. The real Close has nothing of the kind.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from close_notes_gui.sandbox.exchange import Json, Refusal, Request, Response, json_response, refuse
from close_notes_gui.sandbox.fake_close import FakeClose
from close_notes_gui.sandbox.faults import Fault

PREFIX = "/_sandbox/"


def answer(fake: FakeClose, request: Request) -> Response:
    """The answer to a request under PREFIX.

    ``GET state``: notes with their attachments' sha256, violations, requests.
    ``POST faults``: a list of faults, or one; ``DELETE faults`` cancels all.
    ``POST release``: let go what HOLD faults hold.
    ``POST behaviour``: switches to change.
    ``POST operations``: ``{"do": name, …arguments}``, see _OPERATIONS.
    """
    rule = _RULES.get((request.method, request.path.removeprefix(PREFIX).rstrip("/")))
    if rule is None:
        return json_response({"error": "Not found."}, status=404)
    try:
        return json_response(rule(fake, _body(request)))
    except Refusal as refusal:
        return json_response(refusal.body, status=refusal.status)
    except (AttributeError, ValueError, TypeError, LookupError) as fault:
        return json_response({"error": f"{type(fault).__name__}: {fault}"}, status=400)


def _body(request: Request) -> Any:
    return json.loads(request.body) if isinstance(request.body, bytes) and request.body else None


def state(fake: FakeClose) -> Json:
    """Everything a test wants to know, as JSON."""
    notes = fake.all_notes()
    for note in notes:
        for attachment in note["attachments"]:
            attachment["sha256"] = fake.file_sha256(attachment["url"])
    return {
        "api_key": fake.api_key,
        "now": fake.now().isoformat(),
        "notes": notes,
        "violations": fake.violations,
        "pending_faults": [asdict(fault) for fault in fake.faults.pending()],
        "struck_faults": [asdict(fault) for fault in fake.faults.struck],
        "requests": [
            asdict(seen) | {"at": seen.at.isoformat(), "query": dict(seen.query)}
            for seen in list(fake.requests)
        ],
    }


def _add_faults(fake: FakeClose, body: Any) -> Json:
    orders = body if isinstance(body, list) else [body]
    fake.faults.add(*[Fault.from_json(order) for order in orders])
    return {"pending": len(fake.faults.pending())}


def _clear_faults(fake: FakeClose, _: Any) -> Json:
    fake.faults.clear()
    return {}


def _release(fake: FakeClose, _: Any) -> Json:
    fake.faults.release()
    return {}


def _behave(fake: FakeClose, body: Any) -> Json:
    known = {spec.name for spec in fields(fake.behaviour)}
    if unknown := body.keys() - known:
        raise refuse(400, f"No such switch: {sorted(unknown)}")
    for name, value in body.items():
        setattr(fake.behaviour, name, value)
    return asdict(fake.behaviour)


def _operate(fake: FakeClose, body: Any) -> Json:
    arguments = dict(body)
    operation = _OPERATIONS.get(arguments.pop("do", ""))
    if operation is None:
        raise refuse(400, f"No such operation; there are {sorted(_OPERATIONS)}")
    return {"result": operation(fake, **arguments)}


_OPERATIONS: dict[str, Callable[..., Any]] = {
    "merge_leads": FakeClose.merge_leads,
    "delete_lead": FakeClose.delete_lead,
    "rename_lead": FakeClose.rename_lead,
    "create_lead": FakeClose.create_lead,
    "lead_named": FakeClose.lead_named,
    "lead_ids": FakeClose.lead_ids,
    "add_notes": FakeClose.add_notes,
    "revoke_key": FakeClose.revoke_key,
    "issue_key": FakeClose.issue_key,
    "issue_token": FakeClose.issue_token,
}

_RULES: dict[tuple[str, str], Callable[[FakeClose, Any], Json]] = {
    ("GET", "state"): lambda fake, _: state(fake),
    ("POST", "faults"): _add_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "release"): _release,
    ("POST", "behaviour"): _behave,
    ("POST", "operations"): _operate,
}
