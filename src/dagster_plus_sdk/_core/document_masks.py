"""What of a document is secret: hidden where it is shown, compared where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from .secret import MASK

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

#: Where documents have environment variables, whose values may be passwords: as ``["KEY=value"]``, as
#: ``[{"name": ..., "value": ...}]``, or as a mapping.
ENVIRONMENTS = frozenset(
    {"env", "env_vars", "environment", "environment_variables", "environmentVariables"}
)


def masked_items(
    items: Mapping[str, Any], before: Mapping[str, Any], secret: Collection[str] = ()
) -> dict[str, Any]:
    """Return the items of a document by name, or its values by path, without what is secret in them.

    Args:
        items: The document. The name of an item says nothing of what is in it; the path of a value does.
        before: What is there now.
        secret: See ``masked``.
    """
    return {
        name: masked(item, before.get(name), secret)
        if hasattr(item, "items")
        else _of_key(name, item, before.get(name), secret)
        for name, item in items.items()
    }


def masked(value: Any, before: Any, secret: Collection[str] = ()) -> Any:
    """Return a document, or a part of one, without the values of what is secret in it.

    Args:
        value: The document.
        before: What stands at its place now: a secret that differs from it says so.
        secret: The keys whose values are secret, besides environment variables.
    """
    if hasattr(value, "items"):
        known = cast("Mapping[str, Any]", before if hasattr(before, "items") else {})
        return {key: _of_key(key, v, known.get(key), secret) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        pairs = _pairs(cast("Sequence[Any]", value), before)
        return [masked(item, there, secret) for item, there in pairs]
    return value


def _of_key(key: Any, value: Any, before: Any, secret: Collection[str]) -> Any:
    # A key can be the path of a value: "container_context.k8s.env.KEY".
    parts = str(key).split(".")
    if parts[-1] in secret:
        return _hidden(value, before)
    if not ENVIRONMENTS.isdisjoint(parts):
        return _environment(value, before)
    return masked(value, before, secret)


def _hidden(value: Any, before: Any) -> Any:
    """Return a mask in the place of each text."""
    if hasattr(value, "items"):
        known = cast("Mapping[str, Any]", before if hasattr(before, "items") else {})
        return {key: _hidden(v, known.get(key)) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [
            _hidden(item, there) for item, there in _pairs(cast("Sequence[Any]", value), before)
        ]
    if value is None:
        return None
    return MASK if before is None or before == value else f"{MASK} (changed)"


def _pairs(value: Sequence[Any], before: Any) -> list[tuple[Any, Any]]:
    there = cast("Sequence[Any]", before if isinstance(before, (list, tuple)) else ())
    return [(item, there[n] if n < len(there) else None) for n, item in enumerate(value)]


def _environment(value: Any, before: Any) -> Any:
    """Return variables by their names, and a mask for each value."""
    if not isinstance(value, (list, tuple)):
        return _hidden(value, before)
    items = cast("Sequence[Any]", before if isinstance(before, (list, tuple)) else ())
    known = dict(map(_variable, items))
    return [_shown(item, known) for item in cast("Sequence[Any]", value)]


def _variable(item: Any) -> tuple[str, Any]:
    """Return the name of a variable, and all that is said of it."""
    if hasattr(item, "items"):
        return str(cast("Mapping[str, Any]", item).get("name")), item
    return str(item).partition("=")[0], item


def _shown(item: Any, known: Mapping[str, Any]) -> Any:
    name, _ = _variable(item)
    before = known.get(name)
    if hasattr(item, "items"):
        given = cast("Mapping[str, Any]", item)
        old = cast("Mapping[str, Any]", before if hasattr(before, "items") else {})
        return {key: v if key == "name" else _hidden(v, old.get(key)) for key, v in given.items()}
    if "=" not in str(item):
        return item  # a name alone: the value is taken from elsewhere
    return f"{name}={_hidden(item, before)}"
