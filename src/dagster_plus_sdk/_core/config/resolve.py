"""The settings of a client, put together from arguments, environment and files."""

from __future__ import annotations

import os

from ..auth import Auth, NoAuth, TokenAuth
from ..errors import ConfigurationError, MissingTokenError
from ..secret import check_header
from .environment_auth import TOKEN_VARIABLE, environment_auth
from .files import UserFiles, dg_path
from .layers import read_arguments, read_environment, read_table
from .settings import Settings
from .target import Target, check_same, find_target

__all__ = ["Settings", "resolve"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..token_sources import TokenLike
    from .layers import Layer

PROFILE_VARIABLE = "DAGSTER_PLUS_PROFILE"
_SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "dagster-cloud-api-token"}
)
_OWN_HEADERS = frozenset({"dagster-cloud-organization", "dagster-cloud-deployment"})


def resolve(
    *,
    organization: str | None = None,
    deployment: str | None = None,
    token: TokenLike | None = None,
    url: str | None = None,
    region: str | None = None,
    auth: Auth | None = None,
    host: str | None = None,
    port: int | str | None = None,
    profile: str | None = None,
    headers: Mapping[str, str] | None = None,
    allow_insecure_http: bool = False,
    environ: Mapping[str, str] | None = None,
    home: str | os.PathLike[str] | None = None,
) -> Settings:
    """Put the settings together: arguments before environment before files.

    Args:
        organization: The Dagster+ organization.
        deployment: Its deployment; without one, the organization's default deployment.
        token: The Dagster+ token: a text, a path of a file, or a callable; see `TokenAuth`.
        url: The server's URL, with or without ``/graphql``.
        region: The Dagster+ region, "us" or "eu".
        auth: Another kind of authentication, instead of a token.
        host: The host of a plain server, instead of `url`.
        port: The port of a plain server; 3000 if only the host is given.
        profile: The name of a profile in ``dg.toml``; it outranks the environment.
        headers: More headers for each request, none of them secret.
        allow_insecure_http: Send credentials over plain http to other machines too.
        environ: The environment's variables, by default the process's.
        home: The home directory, by default the user's.

    Returns:
        The settings.

    Raises:
        ConfigurationError: If nothing or nonsense is configured, or there is a contradiction.
        MissingTokenError: If the server is Dagster+ and there is no token.
    """
    environ = os.environ if environ is None else environ
    if auth is not None and token is not None:
        raise ConfigurationError("token and auth (arguments) are both given: give one of them.")
    if auth is None and token is not None:
        auth = _token_auth(token)
    if auth is not None and not isinstance(auth, Auth):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            "auth (argument) must be an Auth, like BearerAuth(token); a Dagster+ token is token=."
        )
    arguments = read_arguments(
        organization=organization,
        deployment=deployment,
        url=url,
        region=region,
        host=host,
        port=port,
    )
    target, found, source = _search(arguments, auth, profile, environ, home)
    return Settings(
        target.address,
        found,
        is_plus=target.is_plus or isinstance(found, TokenAuth),
        headers=_check_headers(headers),
        allow_insecure_http=allow_insecure_http,
        sources={**target.sources, "token": source},
    )


def _search(
    arguments: Layer,
    auth: Auth | None,
    profile: str | None,
    environ: Mapping[str, str],
    home: str | os.PathLike[str] | None,
) -> tuple[Target, Auth, str]:
    """Find server and authentication; open the files only if something is missing."""
    home = home_of(environ, home)
    layers = [arguments]
    if profile is not None:
        table = UserFiles(environ, home).profile(profile, "argument")
        layers.append(read_table(table, "profile"))
    else:
        layers.append(read_environment(environ))
    target = find_target(layers)
    found = _find_auth(target, layers, auth, environ) if target else None
    if profile is None and (target is None or found is None or target.is_incomplete):
        layers.append(_read_files(layers, environ, home))
        target = find_target(layers)
        found = _find_auth(target, layers, auth, environ) if target else None
    if target is None:
        raise _nothing(environ, home)
    if target.address.is_plus_host and target.address.organization is None:
        raise _no_organization(target)
    if found is None:
        raise _no_token(target, layers, environ, home)
    return target, *found


def _read_files(layers: list[Layer], environ: Mapping[str, str], home: str) -> Layer:
    files = UserFiles(environ, home)
    chosen = environ.get(PROFILE_VARIABLE, "").strip()
    if not chosen:
        return read_table(files.default(), "file")
    layer = read_table(files.profile(chosen, f"environment {PROFILE_VARIABLE}"), "file")
    if all(above.kind == "environment" for above in layers if above.organization):
        # The environment chose both; an organization in an argument just outranks them.
        for above in layers:
            check_same(above.organization, layer.organization)
    return layer


def _find_auth(
    target: Target, layers: list[Layer], auth: Auth | None, environ: Mapping[str, str]
) -> tuple[Auth, str] | None:
    if auth is not None:
        return auth, "argument"
    tokens = [layer for layer in layers if layer.token and target.may_have_token_of(layer)]
    profile = next((layer for layer in tokens if layer.kind == "profile"), None)
    if profile is None or profile.token is None:
        from_environment = environment_auth(environ, is_plus=target.is_plus)
        if from_environment is not None:
            return from_environment
    for layer in tokens:
        if layer.token is not None:
            return TokenAuth(layer.token.value, source=layer.token.source), layer.token.source
    if target.is_plus:
        return None
    kept = f" ({TOKEN_VARIABLE} is for Dagster+ only)" if environ.get(TOKEN_VARIABLE) else ""
    return NoAuth(), "default" + kept


def _token_auth(token: TokenLike) -> Auth:
    if isinstance(token, Auth):
        raise ConfigurationError("token (argument) is an Auth: pass it as auth=.")
    return TokenAuth(token)


def _check_headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    checked: dict[str, str] = {}
    if headers is not None and not hasattr(headers, "items"):
        raise ConfigurationError("headers (argument) must be a mapping of names to values.")
    for name, value in (headers or {}).items():
        check_header(name, value, "headers (argument)")
        if name.lower() in _SECRET_HEADERS:
            raise ConfigurationError(
                f"headers (argument) has {name}, which is secret: pass auth=HeaderAuth({{...}}), "
                "which shows it nowhere."
            )
        if name.lower() in _OWN_HEADERS:
            raise ConfigurationError(
                f"headers (argument) has {name}: pass organization= or deployment= instead."
            )
        checked[name] = value
    return checked


def home_of(environ: Mapping[str, str], home: str | os.PathLike[str] | None) -> str:
    """Return the user's home directory.

    Args:
        environ: The environment's variables.
        home: It, if it is known.
    """
    if home is not None:
        return os.fspath(home)
    posix_home = "" if os.name == "nt" else environ.get("HOME")
    return posix_home or os.path.expanduser("~")  # noqa: PTH111


def _nothing(environ: Mapping[str, str], home: str) -> ConfigurationError:
    files = UserFiles(environ, home)
    return ConfigurationError(
        "No server is configured. Give one of: "
        'organization="acme" (Dagster+) or url="http://localhost:3000" (a Dagster webserver) as an '
        "argument; the environment variable DAGSTER_CLOUD_ORGANIZATION, DAGSTER_CLOUD_URL, "
        f"DAGSTER_GRAPHQL_URL or DAGSTER_HOST; organization in the table [cli.plus] of "
        f"{files.path} or in {files.legacy_path}; or a profile.",
        code="NOT_CONFIGURED",
    )


def _no_organization(target: Target) -> ConfigurationError:
    return ConfigurationError(
        f"url ({target.sources['url']}) is Dagster+'s address without an organization: give it "
        'like "https://acme.dagster.cloud", or the organization as an argument, in '
        "DAGSTER_CLOUD_ORGANIZATION or in a configuration file."
    )


def _no_token(
    target: Target, layers: list[Layer], environ: Mapping[str, str], home: str
) -> MissingTokenError:
    organization = target.address.organization
    whose = f"the organization {organization!r}" if organization else target.address.origin
    unused = [layer.token.source for layer in layers if layer.token]
    note = f" The one in {unused[0]} is for another organization or server." if unused else ""
    return MissingTokenError(
        f"There is no token for {whose}. Give one as the argument token=, in the environment "
        f"variable {TOKEN_VARIABLE}, or as user_token in {dg_path(environ, home)} [cli.plus] (or "
        f"in a profile there).{note} Tokens are made in Dagster+ under Organization settings, "
        "Tokens. For a server that needs none, pass auth=NoAuth()."
    )
