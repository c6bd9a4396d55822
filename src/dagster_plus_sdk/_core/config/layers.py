"""What arguments, environment and files each say about the server: one layer for each."""

from __future__ import annotations

from ..errors import ConfigurationError
from .names import check_deployment, check_host, check_organization, check_port, check_region
from .urls import DEFAULT_PORT, parse_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from .files import FileTable


class Given:
    """A value and where it came from.

    Attributes:
        name: What it is: "organization", "url", ...
        value: The value.
        source: "argument", "environment NAME" or "file PATH".
    """

    __slots__ = ("name", "source", "value")

    def __init__(self, name: str, value: str, source: str) -> None:
        self.name = name
        self.value = value
        self.source = source

    @property
    def what(self) -> str:
        """What to call it in an error."""
        return f"{self.name} ({self.source})"


class Layer:
    """What one place says.

    Attributes:
        kind: "argument", "environment", "profile" or "file".
        url: The server's URL.
        organization: The organization.
        deployment: The deployment.
        region: What stands for the region in host names: "" or "eu".
        token: The token, where a file holds one.
        names_plus: Whether the place itself says that the URL is one of Dagster+.
    """

    __slots__ = ("deployment", "kind", "names_plus", "organization", "region", "token", "url")

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.url: Given | None = None
        self.organization: Given | None = None
        self.deployment: Given | None = None
        self.region: Given | None = None
        self.token: Given | None = None
        self.names_plus = False

    @property
    def is_plain(self) -> bool:
        """Whether the URL is said to be that of a plain server."""
        return self.url is not None and not self.names_plus


def read_arguments(
    *,
    organization: object,
    deployment: object,
    url: object,
    region: object,
    host: object,
    port: object,
) -> Layer:
    """Read the arguments.

    Args:
        organization: The organization's name, or its URL.
        deployment: The deployment's name.
        url: The server's URL.
        region: "us" or "eu".
        host: A plain server's host.
        port: A plain server's port.

    Returns:
        What they say.

    Raises:
        ConfigurationError: If one of them cannot be, or they contradict each other.
    """
    given: dict[str, Given] = {}
    values = {"organization": organization, "deployment": deployment, "url": url, "region": region}
    for name, value in values.items():
        if value is None:
            continue
        if not isinstance(value, str) or not value.strip():
            raise ConfigurationError(f"{name} (argument) must be a text that is not empty.")
        given[name] = Given(name, value.strip(), "argument")
    if host is not None or port is not None:
        _no_second(given, "host and port (argument)")
        server = _server(host, port, "host (argument)", "port (argument)")
        given["url"] = Given("url", server, "argument")
    return _layer("argument", given)


def read_environment(environ: Mapping[str, str]) -> Layer:
    """Read the environment's variables that say where the server is.

    Args:
        environ: The environment's variables. Empty ones count as unset.

    Returns:
        What they say.

    Raises:
        ConfigurationError: If one of them cannot be, or they contradict each other.
    """
    given: dict[str, Given] = {}
    for name, variable in (
        ("organization", "DAGSTER_CLOUD_ORGANIZATION"),
        ("deployment", "DAGSTER_CLOUD_DEPLOYMENT"),
        ("region", "DAGSTER_CLOUD_ENV"),
        ("url", "DAGSTER_CLOUD_URL"),
    ):
        value = environ.get(variable, "").strip()
        if value:
            given[name] = Given(name, value, f"environment {variable}")
    plain = _plain_server(environ, named="url" in given or "organization" in given)
    if plain is not None and parse_url(plain.value, plain.what).is_plus_host:
        if given.setdefault("url", plain).value != plain.value:
            raise ConfigurationError(f"{given['url'].what} and {plain.what} differ: unset one.")
        plain = None
    if plain is not None:
        _no_second(given, plain.what)
        layer = _layer("environment", {"url": plain})
    else:
        layer = _layer("environment", given)
        layer.names_plus = layer.url is not None
    return layer


def read_table(table: FileTable, kind: str) -> Layer:
    """Read a table of a configuration file.

    Args:
        table: The table.
        kind: "file", or "profile" where it was chosen by an argument.

    Returns:
        What it says.

    Raises:
        ConfigurationError: If one of the values cannot be, or they contradict each other.
    """
    given = {
        name: Given(name, table.values[key], table.source)
        for name, key in (
            ("url", "url"),
            ("organization", "organization"),
            ("deployment", "default_deployment"),
            ("region", "region"),
        )
        if key in table.values
    }
    layer = _layer(kind, given)
    if "user_token" in table.values:
        layer.token = Given("token", table.values["user_token"], table.source)
        layer.names_plus = True
    return layer


def _layer(kind: str, given: dict[str, Given]) -> Layer:
    layer = Layer(kind)
    layer.url = given.get("url")
    layer.deployment = given.get("deployment")
    layer.region = given.get("region")
    organization = given.get("organization")
    if organization is not None and set(organization.value) & set("/.:"):
        # The whole address, copied where its first part was meant: it is clear what is wanted.
        if layer.url is not None:
            raise ConfigurationError(
                f"{organization.what} is a URL, and so is {layer.url.what}: give one of them."
            )
        layer.url = Given("url", organization.value, organization.source)
        layer.names_plus = True
    elif organization is not None:
        check_organization(organization.value, f"{organization.what} {organization.value!r}")
        layer.organization = organization
    if layer.deployment is not None:
        deployment = layer.deployment
        check_deployment(deployment.value, f"{deployment.what} {deployment.value!r}")
    if layer.region is not None:
        region = layer.region
        region.value = check_region(region.value, f"{region.what} {region.value!r}")
    return layer


def _plain_server(environ: Mapping[str, str], *, named: bool) -> Given | None:
    """Read the variables of a plain server."""
    url = environ.get("DAGSTER_GRAPHQL_URL", "").strip()
    host = environ.get("DAGSTER_HOST", "").strip()
    port = environ.get("DAGSTER_PORT", "").strip()
    if "://" in port:
        # Kubernetes sets it to tcp://10.0.0.1:80 in every pod beside a service called "dagster".
        port = ""
    if url and host:
        raise ConfigurationError(
            "DAGSTER_GRAPHQL_URL and DAGSTER_HOST are both set in the environment: unset one."
        )
    if url:
        return Given("url", url, "environment DAGSTER_GRAPHQL_URL")
    # A port alone may be meant for something that is to be started here.
    if host or (port and not named):
        variable = "DAGSTER_HOST" if host else "DAGSTER_PORT"
        what = "(environment DAGSTER_HOST)", "(environment DAGSTER_PORT)"
        server = _server(host or None, port or None, f"host {what[0]}", f"port {what[1]}")
        return Given("url", server, f"environment {variable}")
    return None


def _server(host: object, port: object, host_what: str, port_what: str) -> str:
    """Make the URL of a plain server."""
    name = "localhost" if host is None else host
    if not isinstance(name, str) or "/" in name:
        raise ConfigurationError(
            f'{host_what} must be a host name or address only; pass url="http://..." for more.'
        )
    if name.count(":") > 1 and not name.startswith("["):
        name = f"[{name}]"
    check_host(name.lower(), host_what)
    number = DEFAULT_PORT if port is None else check_port(port, port_what)
    return f"http://{name}:{number}"


def _no_second(given: Mapping[str, Given], what: str) -> None:
    for name in ("url", "organization", "region"):
        if name in given:
            raise ConfigurationError(
                f"{what} names a plain server, but {given[name].what} is given too: give one of "
                'them, like url="http://localhost:3000" or organization="acme".'
            )
