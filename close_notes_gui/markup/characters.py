"""Which characters, addresses and colours may leave for Close, in one place.

Any thread. Pure functions on strings: they drop or respell, never raise.
Sources: XML 1.0 (legal characters), WHATWG URL (white space inside addresses), CSS colours.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

NBSP = "\u00a0"

# C0 and C1 controls, lone surrogates, noncharacters (Qt uses U+FDD0/1 as frame marks) and the
# object replacement character (Qt puts it where pictures and mentions stand).
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff]"
)
# Two patterns instead of one: a set with characters beyond U+FFFF is ten times slower.
_UNWANTED_ASCII = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_UNWANTED_ASTRAL = re.compile(
    "["
    + "".join(chr(plane * 0x10000 + low) for plane in range(1, 17) for low in (0xFFFE, 0xFFFF))
    + "]"
)
_NEWLINE = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANKS = re.compile("[\\s\x85]+")
# Characters that hide or turn round what an address says: sent percent-encoded.
_SLY = re.compile(
    '[\\s"<>\\\\^`{|}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e'
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_EDGES = "".join(map(chr, range(0x21))) + "\u00a0\u200b\ufeff"
_SCHEME = re.compile(r"(https?|mailto|tel):(.+)", re.IGNORECASE | re.DOTALL)
_LONGEST_ADDRESS = 8_000

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
IMAGE_SCHEMES = frozenset({"http", "https"})


def is_simple(text: str) -> bool:
    """Whether `text` has nothing to clean: a quick answer for most of what people write."""
    return text.isprintable() and "\ufffc" not in text


def legal(text: str) -> str:
    """`text` without characters that XML forbids or that Qt gives a meaning of its own."""
    if is_simple(text) or is_simple(_with_plain_spaces(text)):
        return text
    if text.isascii():
        return _UNWANTED_ASCII.sub("", text)
    text = _UNWANTED.sub("", text)
    return _UNWANTED_ASTRAL.sub("", text) if _ASTRAL.search(text) else text


def _with_plain_spaces(text: str) -> str:
    for space in "\n\r\t\u00a0":
        text = text.replace(space, " ")
    return text


def lines(text: str) -> list[str]:
    """`text` cut at every kind of line end (not like `splitlines`: a last line end counts)."""
    return _NEWLINE.split(text)


def one_line(text: str) -> str:
    """`text` as a label: legal, white space folded, trimmed."""
    return _BLANKS.sub(" ", legal(text)).strip()


@lru_cache(maxsize=512)
def address(raw: str, *, schemes: frozenset[str] = LINK_SCHEMES) -> str | None:
    """An absolute address fit for Close, or None. The same answer when asked again with it.

    Tabs and line ends inside vanish, as in browsers; spaces and invisible characters are
    percent-encoded, so that what is shown is where it leads.
    """
    if len(raw) > _LONGEST_ADDRESS:
        return None
    text = re.sub("[\t\n\r]", "", legal(raw).strip(_EDGES))
    match = _SCHEME.fullmatch(text)
    if match is None or match[1].lower() not in schemes:
        return None
    scheme, rest = match[1].lower(), match[2]
    if scheme in ("http", "https") and not rest.startswith("//"):
        return None
    rest = _SLY.sub(lambda sly: "".join(f"%{byte:02X}" for byte in sly[0].encode()), rest)
    result = f"{scheme}:{rest}"
    try:
        parts = urlsplit(result)
        usable = bool(parts.hostname) if parts.scheme in ("http", "https") else bool(parts.path)
    except ValueError:  # a broken port, a bracket out of place, a host that NFKC changes
        return None
    return result if usable and len(result) <= _LONGEST_ADDRESS else None


_HEX = re.compile("#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3}(?:\.\d{1,6})?%?)[\s,]+(\d{1,3}(?:\.\d{1,6})?%?)[\s,]+(\d{1,3}(?:\.\d{1,6})?%?)"
    r"\s*(?:[,/]\s*(\d{0,3}(?:\.\d{1,9})?%?)\s*)?\)"
)


@lru_cache(maxsize=512)
def color(raw: str) -> str | None:
    """A CSS colour as `#rrggbb` in lower case; None for an unknown or a transparent one."""
    text = raw.strip().lower()
    if match := _HEX.fullmatch(text):
        digits = match[1]
        if len(digits) <= 4:
            digits = "".join(digit * 2 for digit in digits)
        return None if digits[6:] == "00" else f"#{digits[:6]}"
    if match := _RGB.fullmatch(text):
        if match[4] and not float(match[4].rstrip("%") or "1"):
            return None
        return "#" + "".join(f"{_channel(match[part]):02x}" for part in (1, 2, 3))
    return _named_colors().get(text)


def _channel(text: str) -> int:
    value = float(text.rstrip("%")) * (2.55 if text.endswith("%") else 1)
    return min(255, round(value))


@lru_cache(maxsize=1)
def _named_colors() -> dict[str, str]:
    pairs = (entry.split(":") for entry in _NAMES.split())
    return {name: f"#{value}" for name, value in pairs}


_NAMES = """
aliceblue:f0f8ff antiquewhite:faebd7 aqua:00ffff aquamarine:7fffd4 azure:f0ffff beige:f5f5dc
bisque:ffe4c4 black:000000 blanchedalmond:ffebcd blue:0000ff blueviolet:8a2be2 brown:a52a2a
burlywood:deb887 cadetblue:5f9ea0 chartreuse:7fff00 chocolate:d2691e coral:ff7f50
cornflowerblue:6495ed cornsilk:fff8dc crimson:dc143c cyan:00ffff darkblue:00008b darkcyan:008b8b
darkgoldenrod:b8860b darkgray:a9a9a9 darkgreen:006400 darkgrey:a9a9a9 darkkhaki:bdb76b
darkmagenta:8b008b darkolivegreen:556b2f darkorange:ff8c00 darkorchid:9932cc darkred:8b0000
darksalmon:e9967a darkseagreen:8fbc8f darkslateblue:483d8b darkslategray:2f4f4f
darkslategrey:2f4f4f darkturquoise:00ced1 darkviolet:9400d3 deeppink:ff1493 deepskyblue:00bfff
dimgray:696969 dimgrey:696969 dodgerblue:1e90ff firebrick:b22222 floralwhite:fffaf0
forestgreen:228b22 fuchsia:ff00ff gainsboro:dcdcdc ghostwhite:f8f8ff gold:ffd700 goldenrod:daa520
gray:808080 grey:808080 green:008000 greenyellow:adff2f honeydew:f0fff0 hotpink:ff69b4
indianred:cd5c5c indigo:4b0082 ivory:fffff0 khaki:f0e68c lavender:e6e6fa lavenderblush:fff0f5
lawngreen:7cfc00 lemonchiffon:fffacd lightblue:add8e6 lightcoral:f08080 lightcyan:e0ffff
lightgoldenrodyellow:fafad2 lightgray:d3d3d3 lightgreen:90ee90 lightgrey:d3d3d3 lightpink:ffb6c1
lightsalmon:ffa07a lightseagreen:20b2aa lightskyblue:87cefa lightslategray:778899
lightslategrey:778899 lightsteelblue:b0c4de lightyellow:ffffe0 lime:00ff00 limegreen:32cd32
linen:faf0e6 magenta:ff00ff maroon:800000 mediumaquamarine:66cdaa mediumblue:0000cd
mediumorchid:ba55d3 mediumpurple:9370db mediumseagreen:3cb371 mediumslateblue:7b68ee
mediumspringgreen:00fa9a mediumturquoise:48d1cc mediumvioletred:c71585 midnightblue:191970
mintcream:f5fffa mistyrose:ffe4e1 moccasin:ffe4b5 navajowhite:ffdead navy:000080 oldlace:fdf5e6
olive:808000 olivedrab:6b8e23 orange:ffa500 orangered:ff4500 orchid:da70d6 palegoldenrod:eee8aa
palegreen:98fb98 paleturquoise:afeeee palevioletred:db7093 papayawhip:ffefd5 peachpuff:ffdab9
peru:cd853f pink:ffc0cb plum:dda0dd powderblue:b0e0e6 purple:800080 rebeccapurple:663399
red:ff0000 rosybrown:bc8f8f royalblue:4169e1 saddlebrown:8b4513 salmon:fa8072 sandybrown:f4a460
seagreen:2e8b57 seashell:fff5ee sienna:a0522d silver:c0c0c0 skyblue:87ceeb slateblue:6a5acd
slategray:708090 slategrey:708090 snow:fffafa springgreen:00ff7f steelblue:4682b4 tan:d2b48c
teal:008080 thistle:d8bfd8 tomato:ff6347 turquoise:40e0d0 violet:ee82ee wheat:f5deb3 white:ffffff
whitesmoke:f5f5f5 yellow:ffff00 yellowgreen:9acd32
"""
