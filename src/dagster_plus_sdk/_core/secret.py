"""Values that must never be shown, and the checks of what may stand in a header."""

from __future__ import annotations

from .errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn, SupportsIndex

    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema
    from pydantic_core.core_schema import SerializationInfo

MASK = "***"

#: The context of a dump for someone who has asked for the secret itself.
REVEAL = {"reveal": True}

_NAME_PUNCTUATION = frozenset("!#$%&'*+-.^_`|~")
_WHY_NO_PICKLE = (
    "is not pickled: the pickle would hold a secret in plain text. Make the client in the process "
    "that uses it, with a token from the environment, a file or a callable"
)


def refuse_pickle(value: object) -> NoReturn:
    """Refuse to pickle an object that holds a secret.

    Args:
        value: The object that was about to be pickled.

    Raises:
        TypeError: Always; the text says what to do instead.
    """
    raise TypeError(f"{type(value).__name__} {_WHY_NO_PICKLE}.")


class Secret:
    """A text that shows itself as ``***`` everywhere but in `reveal()`.

    Args:
        value: The text to hide.
    """

    __slots__ = ("_value",)
    _value: str

    def __init__(self, value: str) -> None:
        object.__setattr__(self, "_value", value)

    def reveal(self) -> str:
        """Return the text itself.

        Returns:
            The secret, to be put into a request and nowhere else.
        """
        return self._value

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Secret is immutable: {name} cannot be set.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Secret is immutable: {name} cannot be deleted.")

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, format_spec: str, /) -> str:
        return format(MASK, format_spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        # Bytes, because compare_digest takes no text beyond ASCII.
        mine = self._value.encode("utf-8", "surrogatepass")
        return compare_digest(mine, other._value.encode("utf-8", "surrogatepass"))

    def __hash__(self) -> int:
        # Python keys the hash of texts anew in each process, so it tells nothing about the text.
        return hash((Secret, self._value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate from a text; JSON shows the mask, unless the dump's context says `REVEAL`."""
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                cls._shown, info_arg=True, when_used="json"
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the masked text."""
        return {"type": "string", "format": "password", "writeOnly": True}

    @staticmethod
    def _shown(value: Secret, info: SerializationInfo) -> str:
        return value.reveal() if info.context == REVEAL else MASK

    @classmethod
    def _validate(cls, value: Any) -> Secret:
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            # pydantic's own error would show the value.
            raise ValueError("not a text")  # noqa: TRY004 - pydantic takes only this for invalid
        return cls(value)

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        refuse_pickle(self)

    def __getstate__(self) -> NoReturn:
        refuse_pickle(self)


def check_token(value: object, what: str) -> str:
    """Check that a value can be sent as a token.

    Args:
        value: What was given as the token.
        what: What it is called in the error, with where it came from.

    Returns:
        The token, unchanged.

    Raises:
        ConfigurationError: If it is no text, empty, or has whitespace, control or non-ASCII
            characters. The message never shows the value.
    """
    if isinstance(value, Secret):
        value = value.reveal()
    if not isinstance(value, str):
        raise ConfigurationError(f"{what} must be a text, not {type(value).__name__}.")
    if not value:
        raise ConfigurationError(f"{what} is empty.")
    if not all("!" <= character <= "~" for character in value):
        raise ConfigurationError(
            f"{what} holds whitespace, a line break, or a control or non-ASCII character; "
            "none can be part of a token. Was it copied with something around it?"
        )
    return value


def check_header(name: object, value: object, what: str) -> tuple[str, str]:
    """Check that a name and a value can be sent as one header.

    Args:
        name: The header's name.
        value: The header's value.
        what: What the headers are called in the error, with where they came from.

    Returns:
        Name and value, unchanged.

    Raises:
        ConfigurationError: If either would break or forge a header. The message never shows the
            value.
    """
    if not isinstance(name, str) or not name or not all(map(_is_name_character, name)):
        raise ConfigurationError(
            f"{what}: a header's name is empty or holds a character it cannot."
        )
    if isinstance(value, Secret):
        value = value.reveal()
    if not isinstance(value, str):
        raise ConfigurationError(f"{what}: the value of {name} must be a text.")
    if not value or value != value.strip() or not all(" " <= c <= "~" for c in value):
        raise ConfigurationError(
            f"{what}: the value of {name} is empty, has spaces around it, or holds a line break, "
            "a control or non-ASCII character."
        )
    return name, value


def _is_name_character(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character in _NAME_PUNCTUATION)
