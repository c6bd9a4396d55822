"""The settings of a client: immutable, and showing no secret."""

from __future__ import annotations

from ..errors import ConfigurationError
from ..secret import refuse_pickle
from .names import check_deployment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import NoReturn, SupportsIndex

    from ..auth import Auth
    from .urls import Address


class Settings:
    """Where a client sends its requests and how it authenticates; immutable, shows no secret.

    Attributes:
        url: The complete URL of the GraphQL endpoint.
        web_url: The base of the deployment's web pages, without a slash at its end.
        organization: The Dagster+ organization, where it is known.
        deployment: The Dagster+ deployment; None is the organization's default one.
        region: The Dagster+ region, where the URL tells it.
        auth: What puts the secret headers on a request.
        is_plus: Whether the server is Dagster+ (or speaks as it does).
        allow_insecure_http: Whether credentials may be sent unencrypted.
        sources: Where url, organization, deployment, region and token came from: "argument",
            "environment NAME", "file PATH", "default".
    """

    __slots__ = (
        "_address",
        "_headers",
        "allow_insecure_http",
        "auth",
        "deployment",
        "is_plus",
        "organization",
        "region",
        "sources",
        "url",
        "web_url",
    )

    url: str
    web_url: str
    organization: str | None
    deployment: str | None
    region: str | None
    auth: Auth
    is_plus: bool
    allow_insecure_http: bool
    sources: dict[str, str]
    _address: Address
    _headers: dict[str, str]

    def __init__(
        self,
        address: Address,
        auth: Auth,
        *,
        is_plus: bool,
        headers: Mapping[str, str] | None = None,
        allow_insecure_http: bool = False,
        sources: Mapping[str, str] | None = None,
    ) -> None:
        if auth.has_credentials and address.scheme == "http" and not allow_insecure_http:
            _check_encrypted(address)
        put = object.__setattr__
        put(self, "_address", address)
        put(self, "url", address.graphql_url)
        put(self, "web_url", address.web_url)
        put(self, "organization", address.organization)
        put(self, "deployment", address.deployment)
        put(self, "region", address.region)
        put(self, "_headers", dict(headers or {}))
        put(self, "auth", auth)
        put(self, "is_plus", is_plus)
        put(self, "allow_insecure_http", allow_insecure_http)
        put(self, "sources", dict(sources or {}))

    @property
    def headers(self) -> dict[str, str]:
        """The headers that are no secret: the caller's, and those that the URL's shape needs."""
        return {**self._headers, **self._address.headers}

    @property
    def organization_url(self) -> str:
        """The URL that the organization's REST endpoints stand below."""
        return self._address.organization_url

    def with_deployment(self, name: str) -> Settings:
        """Return the settings for another deployment of the same organization.

        Args:
            name: The deployment's name.

        Returns:
            New settings, which share the authentication.

        Raises:
            ConfigurationError: If no deployment can be called so, or the server is a plain one.
        """
        if not self.is_plus:
            raise ConfigurationError(
                f"{self._address.origin} is an open-source server, which has no deployments."
            )
        check_deployment(name, f"deployment (argument) {name!r}")
        return Settings(
            self._address.with_deployment(name),
            self.auth,
            is_plus=self.is_plus,
            headers=self._headers,
            allow_insecure_http=self.allow_insecure_http,
            sources={**self.sources, "deployment": "argument"},
        )

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Settings are immutable: {name} cannot be set.")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Settings are immutable: {name} cannot be deleted.")

    def __copy__(self) -> Settings:
        return self

    def __deepcopy__(self, memo: object) -> Settings:
        return self

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        refuse_pickle(self)

    def __repr__(self) -> str:
        return (
            f"Settings(url={self.url!r}, organization={self.organization!r}, "
            f"deployment={self.deployment!r}, auth={self.auth!r})"
        )


def _check_encrypted(address: Address) -> None:
    if not address.is_loopback:
        raise ConfigurationError(
            f"The credentials would go unencrypted to {address.origin}: use https://, or pass "
            "allow_insecure_http=True if nobody can listen on the way."
        )
