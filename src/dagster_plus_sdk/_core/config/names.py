"""What hosts, ports, organizations, deployments and regions can be called."""

from __future__ import annotations

from ..errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

REGIONS = ("us", "eu")
"""Dagster+'s regions; the first is the default and stands in no URL."""

_HOST_MAX, _LABEL_MAX, _PORT_MAX, _OCTETS, _OCTET_MAX = 253, 63, 65535, 4, 255

WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
_HEX = frozenset("0123456789abcdefABCDEF")


def is_loopback(host: str) -> bool:
    """Tell whether a host can be nothing but this machine.

    Args:
        host: A host name in lower case, or an address (IPv6 in brackets).

    Returns:
        True for localhost, 127.0.0.0/8 and [::1].
    """
    if host in {"localhost", "[::1]"}:
        return True
    parts = host.split(".")
    return len(parts) == _OCTETS and parts[0] == "127" and all(map(_is_octet, parts))


def _is_octet(part: str) -> bool:
    return (
        part.isdecimal()
        and part.isascii()
        and str(int(part[:4])) == part
        and int(part) <= _OCTET_MAX
    )


def check_host(host: str, what: str) -> str:
    """Check a host name or address.

    Args:
        host: The name, an IPv4 address, or an IPv6 address in brackets.
        what: What it is called in errors.

    Returns:
        The host, unchanged.

    Raises:
        ConfigurationError: If no host can be called so.
    """
    if host.startswith("["):
        from ipaddress import IPv6Address

        try:
            IPv6Address(
                host.removeprefix("[").removesuffix("]") if set(host) <= _HEX | set("[:.]") else ""
            )
        except ValueError:
            _no_host(what)
        return host
    labels = host.split(".")
    if len(host) > _HOST_MAX or any(
        not 0 < len(label) <= _LABEL_MAX or not set(label) <= WORD for label in labels
    ):
        _no_host(what)
    if labels[-1].isdecimal() and not (len(labels) == _OCTETS and all(map(_is_octet, labels))):
        _no_host(what)
    return host


def _no_host(what: str) -> NoReturn:
    raise ConfigurationError(f"{what} has no valid host name or address.") from None


def check_port(port: object, what: str) -> int:
    """Check a port.

    Args:
        port: The number, or its digits.
        what: What it is called in errors.

    Returns:
        The number.

    Raises:
        ConfigurationError: If it is not a whole number from 1 to 65535.
    """
    digits = str(port) if isinstance(port, (str, int)) and not isinstance(port, bool) else ""
    if (
        digits.isdecimal()
        and digits.isascii()
        and len(digits) <= _OCTETS + 1
        and 0 < int(digits) <= _PORT_MAX
    ):
        return int(digits)
    raise ConfigurationError(f"{what}: the port must be a number from 1 to 65535.")


def check_organization(name: str, what: str) -> str:
    """Check an organization's name.

    Args:
        name: The name as in the address of the web pages.
        what: What it is called in errors.

    Returns:
        The name, unchanged.

    Raises:
        ConfigurationError: If it cannot be part of a host name.
    """
    if not 0 < len(name) <= _LABEL_MAX or not set(name) <= WORD or name in REGIONS:
        raise ConfigurationError(
            f"{what} names no organization: it is the first part of the address of the web pages, "
            '"acme" in https://acme.dagster.cloud: letters, digits, - and _.'
        )
    return name


def check_deployment(name: str, what: str) -> str:
    """Check a deployment's name.

    Args:
        name: The name as in the address of the web pages.
        what: What it is called in errors.

    Returns:
        The name, unchanged.

    Raises:
        ConfigurationError: If it cannot be one part of a path.
    """
    if "/" in name:
        raise ConfigurationError(
            f"{what} holds a slash, so it is a git branch and no deployment. A branch deployment "
            "has a generated name of its own: look it up with `branch_deployments.list()`."
        )
    if not name or name in {".", ".."} or not set(name) <= WORD | {".", "~"}:
        raise ConfigurationError(
            f"{what} names no deployment: letters, digits, -, _, . and ~ can be part of it."
        )
    return name


def check_region(name: str, what: str) -> str:
    """Check a region's name.

    Args:
        name: "us" or "eu".
        what: What it is called in errors.

    Returns:
        What stands for it in host names: "" or "eu".

    Raises:
        ConfigurationError: If Dagster+ has no such region.
    """
    region = name.strip().lower()
    if region not in REGIONS:
        raise ConfigurationError(f"{what} is unknown: Dagster+ has the regions us and eu.")
    return "" if region == REGIONS[0] else region
