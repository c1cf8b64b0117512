"""Text colours: those offered, and how any colour is shown so that it can be read.

Any thread. What is sent is always the colour chosen; only what is shown moves.
"""

from functools import lru_cache

OFFERED = (
    ("Red", "#d23b3b"),
    ("Orange", "#b85c00"),
    ("Green", "#2a8540"),
    ("Teal", "#0f7f8c"),
    ("Blue", "#2f72d6"),
    ("Purple", "#8a55d7"),
    ("Grey", "#74777d"),
)
"""Name and colour; each stands out from white and from near-black by 3.5:1 or more."""

_ENOUGH = 4.5


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two `#rrggbb`, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=512)
def readable(color: str, *, ground: str) -> str:
    """`color`, or where it can hardly be read on `ground` the nearest one that can."""
    if contrast(color, ground) >= 3:
        return color
    target = "#ffffff" if _luminance(ground) < 0.2 else "#000000"
    for step in range(1, 21):
        mixed = _mix(color, target, step / 20)
        if contrast(mixed, ground) >= _ENOUGH:
            return mixed
    return target


def _channels(color: str) -> tuple[int, int, int]:
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def _mix(color: str, target: str, share: float) -> str:
    pairs = zip(_channels(color), _channels(target), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    linear = [
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(color))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
