"""The shapes of Dagster's URLs: what they say, and how to write them.

Parsed by hand: `urllib.parse` would cost more time than the rest of the client's construction,
and accepts what must be refused here.
"""

from __future__ import annotations

from ..errors import ConfigurationError
from .names import (
    REGIONS,
    WORD,
    check_deployment,
    check_host,
    check_organization,
    check_port,
    is_loopback,
)

PLUS_DOMAINS = ("dagster.cloud", "dagster.plus")
DEFAULT_PORT = 3000
"""The port of `dagster dev` and of the Dagster webserver."""

_PATH = WORD | frozenset(".~!$&'()*+,;=:@%")
_SUBDOMAIN, _PATHS, _SERVER = "subdomain", "paths", "server"


class Address:
    """A Dagster URL taken apart: immutable; `replace` gives a changed one.

    Attributes:
        style: "subdomain" (``https://org.dagster.cloud/deployment``), "paths"
            (``https://dagster.cloud/org/deployment``) or "server" (any other host).
        scheme: "http" or "https".
        host: The host in lower case, an IPv6 address in its brackets.
        port: ":" and the port, or "".
        domain: Dagster+'s domain, "" for another server.
        label: What stands between organization and domain ("eu"), or "".
        organization: The organization, where the URL or the caller names one.
        deployment: The deployment, where the URL or the caller names one.
        in_path: Whether the deployment stands in the path (else it goes into a header).
        prefix: For "server": the path before ``/graphql``, with a leading slash, or "".
    """

    __slots__ = (
        "deployment",
        "domain",
        "host",
        "in_path",
        "label",
        "organization",
        "port",
        "prefix",
        "scheme",
        "style",
    )

    def __init__(
        self,
        *,
        style: str,
        scheme: str = "https",
        host: str = "",
        port: str = "",
        domain: str = "",
        label: str = "",
        organization: str | None = None,
        deployment: str | None = None,
        in_path: bool = True,
        prefix: str = "",
    ) -> None:
        self.style: str = style
        self.scheme: str = scheme
        self.host: str = host
        self.port: str = port
        self.domain: str = domain
        self.label: str = label
        self.organization: str | None = organization
        self.deployment: str | None = deployment
        self.in_path: bool = in_path
        self.prefix: str = prefix

    @classmethod
    def of_organization(cls, organization: str) -> Address:
        """Return the address that an organization has where nothing else is said.

        Args:
            organization: The organization's name.

        Returns:
            The address of its default deployment in the default region.
        """
        return cls(style=_SUBDOMAIN, domain=PLUS_DOMAINS[0], organization=organization)

    def replace(self, **changes: object) -> Address:
        """Return a copy with other attributes.

        Args:
            **changes: Attributes and their new values.

        Returns:
            The changed address.
        """
        values: dict[str, object] = {name: getattr(self, name) for name in self.__slots__}
        return Address(**{**values, **changes})  # type: ignore[arg-type]

    def with_deployment(self, deployment: str | None) -> Address:
        """Return the address of another deployment of the same organization or server.

        Args:
            deployment: The deployment's name.

        Returns:
            The address; on a server that is not Dagster+'s own the name replaces the last part of
            the path if that was the deployment, and goes into a header otherwise.
        """
        if self.style != _SERVER or deployment is None:
            return self.replace(deployment=deployment)
        parent, _, last = self.prefix.rpartition("/")
        if self.in_path and self.deployment is not None:
            return self.replace(deployment=deployment, prefix=f"{parent}/{deployment}")
        return self.replace(deployment=deployment, in_path=last == deployment)

    @property
    def is_plus_host(self) -> bool:
        """Whether the host is one of Dagster+'s own."""
        return bool(self.domain)

    @property
    def region(self) -> str | None:
        """The region that the host names; None for a server that is not Dagster+'s own."""
        return (self.label or REGIONS[0]) if self.domain else None

    @property
    def is_loopback(self) -> bool:
        """Whether the host can be nothing but this machine."""
        return is_loopback(self.host)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        host = self.host
        if self.domain:
            labels = [self.label, self.domain]
            if self.style == _SUBDOMAIN:
                labels.insert(0, self.organization or "")
            host = ".".join(filter(None, labels))
        return f"{self.scheme}://{host.lower()}{self.port}"

    @property
    def base_url(self) -> str:
        """The URL before ``/graphql``."""
        if self.style == _SERVER:
            return self.origin + self.prefix
        parts = [self.origin]
        if self.style == _PATHS and self.organization:
            parts.append(self.organization)
        if self.in_path and self.deployment:
            parts.append(self.deployment)
        return "/".join(parts)

    @property
    def graphql_url(self) -> str:
        """The complete URL of the GraphQL endpoint."""
        return self.base_url + "/graphql"

    @property
    def organization_url(self) -> str:
        """The URL that the organization's REST endpoints stand below."""
        if self.style == _SERVER and self.in_path and self.deployment is not None:
            return self.origin + self.prefix.rpartition("/")[0]
        return self.base_url if self.style == _SERVER else self.replace(deployment=None).base_url

    @property
    def web_url(self) -> str:
        """The base of the deployment's web pages, without a slash at its end."""
        if self.style != _PATHS:
            return self.base_url
        return self.replace(style=_SUBDOMAIN, in_path=True).base_url

    @property
    def headers(self) -> dict[str, str]:
        """The headers that name what the URL does not."""
        headers: dict[str, str] = {}
        if self.style == _SUBDOMAIN or (self.style == _PATHS and self.in_path and self.deployment):
            return headers
        if self.organization:
            headers["Dagster-Cloud-Organization"] = self.organization
        if self.deployment and not self.in_path:
            headers["Dagster-Cloud-Deployment"] = self.deployment
        return headers


def parse_url(text: str, what: str) -> Address:
    """Take a URL apart.

    Args:
        text: The URL as given: with or without scheme, ``/graphql`` and slashes at its end.
        what: What it is called in errors, with where it came from.

    Returns:
        What it says.

    Raises:
        ConfigurationError: If it is no URL that a Dagster server can have. The message shows
            nothing of what may be a password.
    """
    if not text or not text.isascii() or not text.isprintable() or set(text) & set(' "<>\\^`{|}'):
        raise ConfigurationError(
            f"{what} is empty or holds a character that no URL can have (spaces and letters beyond "
            'ASCII are percent-encoded). Give it like "https://acme.dagster.cloud/prod".'
        )
    scheme, host, port, path = _split(text, what)
    segments = [part for part in path.split("/") if part]
    if segments and segments[-1] == "graphql":
        segments.pop()
    if any(part in {".", ".."} for part in segments) or not set(path) <= _PATH | {"/"}:
        raise ConfigurationError(f"{what} has a path that no Dagster server can have.")
    for domain in PLUS_DOMAINS:
        if host == domain or host.endswith("." + domain):
            labels = host[: -len(domain)].rstrip(".").split(".")
            address = _plus(domain, [label for label in labels if label], segments, what)
            return address.replace(scheme=scheme or "https", port="" if port == ":443" else port)
    prefix = "".join("/" + part for part in segments)
    scheme = scheme or ("http" if is_loopback(host) else "https")
    return Address(style=_SERVER, scheme=scheme, host=host, port=port, prefix=prefix, in_path=False)


def _split(text: str, what: str) -> tuple[str, str, str, str]:
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    elif scheme.lower() not in {"http", "https"}:
        raise ConfigurationError(f"{what} must start with https:// or http://.")
    if "?" in rest or "#" in rest:
        raise ConfigurationError(f"{what} has a query or a fragment; leave out all from ? or # on.")
    authority, slash, path = rest.partition("/")
    if "@" in authority:
        raise ConfigurationError(
            f"{what} holds a user name or password. Take it out, and pass "
            "auth=BasicAuth(username, password) or set DAGSTER_AUTH_USERNAME and _PASSWORD."
        )
    bracket = authority.rfind("]") + 1
    name, colon, number = authority[bracket:].partition(":")
    host = (authority[:bracket] + name).lower().removesuffix(".")
    check_host(host, what)
    port = f":{check_port(number, what)}" if colon else ""
    return scheme.lower(), host, port, slash + path


def _plus(domain: str, labels: list[str], segments: list[str], what: str) -> Address:
    """Read organization, region and deployment of a URL of Dagster+ itself."""
    if "agent" in labels or "www" in labels or len(labels) > 2:  # noqa: PLR2004
        raise ConfigurationError(
            f"{what} names a host of Dagster+ that serves no API. "
            f"Give the address of the web pages, https://ORGANIZATION.{domain}/DEPLOYMENT."
        )
    if not labels or labels[0] in REGIONS:
        label = labels[0] if labels else ""
        organization = check_organization(segments.pop(0), what) if segments else None
        address = Address(style=_PATHS, domain=domain, label=label, organization=organization)
    else:
        organization = check_organization(labels[0], what)
        label = labels[1] if len(labels) > 1 else ""
        address = Address(style=_SUBDOMAIN, domain=domain, label=label, organization=organization)
    if len(segments) > 1:
        raise ConfigurationError(
            f"{what} goes on after the deployment. Give no page below the deployment; a branch "
            "deployment is addressed by its own name, which has no slash, not by its git branch."
        )
    if segments:
        return address.replace(deployment=check_deployment(segments[0], what))
    return address.replace(in_path=address.style == _SUBDOMAIN)
