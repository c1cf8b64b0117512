"""Answers that no rule gives but a fault does: errors, throttling, portals.

Any thread. Pure functions of a fault.
"""

from close_notes_gui.sandbox.exchange import Headers, Response, json_response
from close_notes_gui.sandbox.faults import Fault, FaultKind, ThrottleStyle
from close_notes_gui.sandbox.storage import s3_error

_PORTAL = (
    b"<!DOCTYPE html><html><head><title>Welcome</title></head>"
    b"<body><h1>Free Wi-Fi</h1>Please accept the terms.</body></html>"
)
_HTML = (("Content-Type", "text/html; charset=utf-8"),)
_GATEWAY = {502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout"}


def throttled(limit: int, reset_s: float, style: ThrottleStyle) -> Response:
    """A 429 that tells its waiting time in ``style``."""
    separator = "; " if style is ThrottleStyle.SEMICOLONS else ", "
    rate = separator.join((f"limit={limit}", "remaining=0", f"reset={reset_s:g}"))
    headers: Headers = ()
    if style in (ThrottleStyle.COMMAS, ThrottleStyle.SEMICOLONS, ThrottleStyle.BOTH):
        headers += (("RateLimit", rate),)
    if style in (ThrottleStyle.RETRY_AFTER, ThrottleStyle.BOTH):
        headers += (("Retry-After", f"{reset_s:g}"),)
    return json_response(
        {"error": "API call count exceeded for this 15 second window"}, status=429, headers=headers
    )


def failed(status: int) -> Response:
    """An error status, with the body that its like come with."""
    if status in _GATEWAY:
        page = f"<html><head><title>{status} {_GATEWAY[status]}</title></head><body></body></html>"
        return Response(status, _HTML, page.encode())
    return json_response({"error": f"The sandbox was told to answer {status}."}, status=status)


def instead_of_processing(fault: Fault) -> Response:
    """What a request gets that never reaches the state machine.

    Status 0 means that there is no answer at all: the carrier acts on the fault.
    """
    match fault.kind:
        case FaultKind.STATUS_BEFORE:
            return failed(fault.status)
        case FaultKind.THROTTLE:
            return throttled(100, fault.reset_s, fault.style)
        case FaultKind.CAPTIVE_PORTAL:
            return Response(200, _HTML, _PORTAL)
        case FaultKind.POLICY_EXPIRED:
            return s3_error(403, "AccessDenied", "Invalid according to Policy: Policy expired.")
        case FaultKind.ENTITY_TOO_LARGE:
            return s3_error(
                400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size"
            )
        case _:
            return Response(0, fault=fault)


def after_processing(fault: Fault, answer: Response) -> Response:
    """What becomes of the answer to a request that was processed."""
    match fault.kind:
        case FaultKind.STATUS_AFTER:
            return failed(fault.status)
        case FaultKind.TRUNCATED_JSON if isinstance(answer.body, bytes):
            return Response(answer.status, answer.headers, answer.body[: len(answer.body) // 2])
        case FaultKind.WRONG_JSON:
            return json_response(["unexpected", None, 7], status=answer.status)
        case FaultKind.KEY_REVOKED:
            return answer
        case _:
            return Response(answer.status, answer.headers, answer.body, fault)
