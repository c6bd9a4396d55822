"""Which server is meant, where several places say something about it."""

from __future__ import annotations

from ..errors import ConfigurationError
from .layers import Given
from .names import REGIONS
from .urls import Address, parse_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from .layers import Layer


class Target:
    """The server that the layers agree on.

    Attributes:
        address: Its address.
        sources: Where url, organization, deployment and region came from.
        url_layer: The layer that gave the URL, None if it was made from the organization.
        is_plus: Whether it is Dagster+, or is said to speak as it does.
    """

    __slots__ = ("address", "is_plus", "sources", "url_layer")

    def __init__(self, address: Address, sources: dict[str, str], url_layer: Layer | None) -> None:
        self.address = address
        self.sources = sources
        self.url_layer = url_layer
        self.is_plus = (
            address.is_plus_host
            or bool(address.organization or address.deployment)
            or (url_layer is not None and url_layer.names_plus)
        )

    @property
    def is_incomplete(self) -> bool:
        """Whether a file may have something to add."""
        address = self.address
        if self.url_layer is None:
            return address.deployment is None
        return address.is_plus_host and address.organization is None

    def may_have_token_of(self, layer: Layer) -> bool:
        """Tell whether a file's token is meant for this server.

        Args:
            layer: The layer of the file.

        Returns:
            False if the file is about another organization, or the server is not Dagster+'s own
            and was not named by the same file.
        """
        if self.url_layer is layer:
            return True
        return self.address.is_plus_host and not _is_foreign(layer, self.address.organization)


def find_target(layers: Sequence[Layer]) -> Target | None:
    """Find the server.

    Args:
        layers: What the places say, the one that counts most first.

    Returns:
        The server, or None if no place names one.

    Raises:
        ConfigurationError: If what is given contradicts itself.
    """
    organization: Given | None = None
    for index, layer in enumerate(layers):
        if layer.kind == "file" and organization and _is_foreign(layer, organization.value):
            continue
        if layer.kind == "profile":
            check_same(organization, layer.organization)
        # A plain server in the environment gives way to an organization in an argument.
        if layer.url and not (organization and layer.kind == "environment" and layer.is_plain):
            return _with_url(layer.url, organization or layer.organization, layers, index)
        organization = organization or layer.organization
    return None if organization is None else _without_url(organization, layers)


def _without_url(organization: Given, layers: Sequence[Layer]) -> Target:
    """Make the address from the organization's name."""
    own = [
        layer
        for layer in layers
        if layer.kind != "file" or not _is_foreign(layer, organization.value)
    ]
    deployment, region = _first(own, "deployment"), _first(own, "region")
    address = Address.of_organization(organization.value)
    if region is not None:
        address = address.replace(label=region.value)
    if deployment is not None:
        address = address.with_deployment(deployment.value)
    return Target(address, _sources(address, None, organization, deployment, region), None)


def _with_url(
    url: Given, organization: Given | None, layers: Sequence[Layer], index: int
) -> Target:
    """Complete what the URL says by what the other places say."""
    address = parse_url(url.value, url.what)
    above, own, below = layers[:index], layers[index], layers[index + 1 :]
    if address.organization is not None:
        in_url = Given("organization in the url", address.organization, url.source)
        check_same(in_url, organization)
        organization = in_url
    elif organization is None and address.is_plus_host:
        organization = _first(below, "organization")
        if organization is None:
            return Target(address, _sources(address, url, None, None, None), own)
    if organization is not None:
        address = address.replace(organization=organization.value)
    region = _first([*above, own], "region")
    if region is not None:
        address = _in_region(address, url, region, overrides=region is not own.region)
    deployment = _first(above, "deployment")
    if deployment is None and address.deployment is not None:
        in_url = Given("deployment in the url", address.deployment, url.source)
        check_same(in_url, own.deployment)
        deployment = in_url
    deployment = deployment or own.deployment
    if deployment is None and address.is_plus_host:
        # A URL is complete by itself for a file, unless it took the organization from there.
        lower = [x for x in below if x.kind != "file" or x.organization is organization]
        deployment = _first(lower, "deployment")
    if deployment is not None and deployment.value != address.deployment:
        address = address.with_deployment(deployment.value)
    return Target(address, _sources(address, url, organization, deployment, region), own)


def _in_region(address: Address, url: Given, region: Given, *, overrides: bool) -> Address:
    """Put the address into a region, where the URL does not say otherwise."""
    if not address.is_plus_host:
        raise ConfigurationError(
            f"{region.what} is given, but {url.what} is no address of Dagster+: leave out one."
        )
    if not overrides:
        check_same(
            Given("region in the url", address.region or "", url.source),
            Given("region", region.value or REGIONS[0], region.source),
        )
    return address if address.label == region.value else address.replace(label=region.value)


def check_same(first: Given | None, second: Given | None) -> None:
    """Check that two places do not say different things.

    Args:
        first: What one says, if it says anything.
        second: What the other says.

    Raises:
        ConfigurationError: If they differ in more than case.
    """
    if first is None or second is None or first.value.lower() == second.value.lower():
        return
    raise ConfigurationError(
        f"{first.what} is {first.value!r}, but {second.what} is {second.value!r}: "
        "leave out or correct one of them."
    )


def _is_foreign(layer: Layer, organization: str | None) -> bool:
    """Tell whether a file is about another organization: then nothing in it is meant."""
    about = layer.organization.value if layer.organization is not None else None
    if about is None and layer.url is not None:
        about = parse_url(layer.url.value, layer.url.what).organization
    if about is None or organization is None:
        return False
    return about.lower() != organization.lower()


def _first(layers: Sequence[Layer], name: str) -> Given | None:
    given: Sequence[Given | None] = [getattr(layer, name) for layer in layers]
    return next((found for found in given if found), None)


def _sources(
    address: Address,
    url: Given | None,
    organization: Given | None,
    deployment: Given | None,
    region: Given | None,
) -> dict[str, str]:
    sources = {"url": url.source if url is not None else "default"}
    if not address.is_plus_host and organization is None and deployment is None:
        return sources
    for name, given in (("organization", organization), ("deployment", deployment)):
        sources[name] = given.source if given is not None else "default"
    if address.is_plus_host:
        said = region or url
        sources["region"] = said.source if said is not None else "default"
    return sources
