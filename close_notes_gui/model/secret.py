"""An API key that cannot be shown by accident. Any thread."""


class ApiKey:
    """Wraps a key; only `reveal()` gives it. Its repr, str and format never do."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The key itself; for the Authorization header and the keyring alone."""
        return self._value

    def __repr__(self) -> str:
        return "ApiKey(hidden)"

    def __str__(self) -> str:
        return "ApiKey(hidden)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ApiKey) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a key is never pickled")
