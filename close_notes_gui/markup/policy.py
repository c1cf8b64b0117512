"""THE allow-list of `note_html`: every construct, its tags, its attributes and their form.

Any thread. Sanitising, writing and the gate before the network all read this one table.
A construct that Close does not document can be switched off; `degrade` then respells it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from close_notes_gui.markup.characters import IMAGE_SCHEMES, address

MAX_DEPTH = 24
"""Lists and quotes inside one another; deeper ones become paragraphs of the deepest."""

LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,32}")
MENTION_ID = re.compile(r"(?:user|group)_[A-Za-z0-9]{1,80}")
MAX_START = 999_999_999


@dataclass(frozen=True, slots=True)
class Construct:
    """One thing a note may hold. `attributes` are `tag.attribute`; `documented` says whether
    Close's API page on rich text names it (2026-11). Only undocumented ones can be off.
    """

    name: str
    tags: tuple[str, ...] = ()
    attributes: tuple[str, ...] = ()
    documented: bool = True


CONSTRUCTS = (
    Construct("paragraph", ("body", "p", "br")),
    Construct("heading", ("h1",)),
    Construct("minor_heading", ("h2", "h3", "h4", "h5", "h6"), documented=False),
    Construct("bold", ("strong",)),
    Construct("italic", ("em",)),
    Construct("underline", ("u",)),
    Construct("strike", ("s",)),
    Construct("code", ("code",)),
    Construct("color", ("span",), ("span.style",)),
    Construct("link", ("a",), ("a.href",)),
    Construct("image", ("img",), ("img.src", "img.alt")),
    Construct("bullet_list", ("ul", "li")),
    Construct("numbered_list", ("ol", "li")),
    Construct("start_number", ("ol",), ("ol.start",), documented=False),
    Construct("rule", ("hr",)),
    Construct(
        "mention", ("span",), ("span.data-type", "span.data-id", "span.data-label", "span.class")
    ),
    Construct("quote", ("blockquote",), documented=False),
    Construct("code_block", ("pre", "code"), documented=False),
    Construct("code_language", ("code",), ("code.class",), documented=False),
)

SWITCHABLE = frozenset(construct.name for construct in CONSTRUCTS if not construct.documented)


@dataclass(frozen=True, slots=True)
class Policy:
    """Which constructs may leave. Invariant: `without` names switchable constructs only."""

    without: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if unknown := self.without - SWITCHABLE:
            raise ValueError(f"cannot be switched off: {sorted(unknown)}")

    def allows(self, name: str) -> bool:
        """Whether the construct of that name may leave."""
        return name not in self.without


DEFAULT = Policy()
DOCUMENTED_ONLY = Policy(without=SWITCHABLE)


@lru_cache(maxsize=32)
def allowed_tags(policy: Policy = DEFAULT) -> frozenset[str]:
    """Tag names that may leave, `body` among them."""
    return frozenset(
        tag for construct in CONSTRUCTS if policy.allows(construct.name) for tag in construct.tags
    )


@lru_cache(maxsize=32)
def allowed_attributes(policy: Policy = DEFAULT) -> frozenset[str]:
    """Attributes that may leave, as `tag.attribute`."""
    return frozenset(
        attribute
        for construct in CONSTRUCTS
        if policy.allows(construct.name)
        for attribute in construct.attributes
    )


_FORMS = {
    "span.style": re.compile(r"color: #[0-9a-f]{6};"),
    "span.data-type": re.compile("mention"),
    "span.class": re.compile("mention"),
    "span.data-id": MENTION_ID,
    "span.data-label": re.compile(r"[^\x00-\x1f]+"),
    "ol.start": re.compile(r"[1-9][0-9]{0,8}"),
    "code.class": re.compile(f"language-{LANGUAGE.pattern}"),
    "img.alt": re.compile(r"[^\x00-\x1f]*"),
}


def attribute_allowed(tag: str, name: str, value: str, *, policy: Policy = DEFAULT) -> bool:
    """Whether `<tag name="value">` may leave, the form of the value included."""
    key = f"{tag}.{name}"
    if key not in allowed_attributes(policy):
        return False
    if key == "a.href":
        return address(value) == value
    if key == "img.src":
        return address(value, schemes=IMAGE_SCHEMES) == value
    return _FORMS[key].fullmatch(value) is not None
