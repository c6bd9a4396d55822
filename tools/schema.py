"""Write schema.graphql, the API's SDL, and print what changed for its users.

    python tools/schema.py introspection.json
    python tools/schema.py https://ORGANIZATION.dagster.cloud/DEPLOYMENT/graphql
    python tools/schema.py http://localhost:3000/graphql
    python tools/schema.py --check introspection.json

The source is a file with the result of an introspection query, with or without its `data`
wrapper, or a GraphQL endpoint.  The token of Dagster+ is read from DAGSTER_CLOUD_API_TOKEN only;
it is sent to the given origin only, over plain http to this machine only, and never printed.
The SDL is sorted and has no descriptions.  `--check` writes nothing and fails if it would.

Exit codes: 0 success, 1 error or (`--check`) a difference, 2 usage.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from graphql import (
    GraphQLError,
    build_client_schema,
    build_schema,
    get_introspection_query,
    lexicographic_sort_schema,
    print_schema,
)
from schema_changes import describe_changes, find_changes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx

TOKEN_VARIABLE: Final = "DAGSTER_CLOUD_API_TOKEN"  # noqa: S105 (the name, not a token)
_TOKEN_HEADER: Final = "Dagster-Cloud-Api-Token"  # noqa: S105
_MAX_REDIRECTS: Final = 3
_SECONDS: Final = 60.0
_MAX_ERRORS: Final = 5
_UNAUTHORIZED: Final = (401, 403)


class SchemaError(Exception):
    """The schema cannot be read; the message is one line for the user."""


def main(arguments: Sequence[str] | None = None, timeout: float = _SECONDS) -> int:
    """Run the command; `timeout` is that of each network step, in seconds."""
    parser = argparse.ArgumentParser(
        description="Write schema.graphql and print what changed.",
        epilog=f"The token is read from {TOKEN_VARIABLE}.",
    )
    parser.add_argument("source", help="an introspection result (JSON) or a GraphQL endpoint")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if it differs")
    default = Path(__file__).parent.parent / "schema.graphql"
    parser.add_argument("--output", type=Path, default=default, help="default: schema.graphql")
    options = parser.parse_args(arguments)
    token = os.environ.get(TOKEN_VARIABLE, "").strip()
    if _is_url(options.source) and (problem := _url_problem(options.source, token)):
        parser.error(problem)
    stream = sys.stdout
    try:
        code, message = _run(options.source, options.output, token, timeout, check=options.check)
    except (SchemaError, OSError) as error:
        code, message, stream = 1, f"schema: {' '.join(str(error).split())}", sys.stderr
    # a server may repeat the request's headers in its answer
    message = message.replace(token, "***") if token else message
    print(message, file=stream)
    return code


def sdl_of(introspection: Mapping[str, Any]) -> str:
    """Return the SDL of an introspection result: sorted, without descriptions.

    Raises:
        SchemaError: the result is incomplete or contradicts itself.
    """
    try:
        schema = build_client_schema(_without_descriptions(introspection))
        sdl = print_schema(lexicographic_sort_schema(schema)).rstrip() + "\n"
        build_schema(sdl)
    except (GraphQLError, TypeError, KeyError, ValueError, AttributeError) as error:
        raise SchemaError(f"the introspection result is not usable: {error}") from error
    return sdl


def introspection_of(document: Any, source: str) -> dict[str, Any]:
    """Return the introspection result in a GraphQL answer, wrapped in `data` or bare.

    Raises:
        SchemaError: there is none; the message has the GraphQL errors, if any.
    """
    if isinstance(document, dict):
        data = document.get("data", document)
        if isinstance(data, dict) and isinstance(data.get("__schema"), dict):
            return data
        if messages := _error_messages(document):
            disabled = "introspection" in messages.lower()
            reason = "introspection is disabled" if disabled else "GraphQL errors"
            raise SchemaError(f"{source}: {reason}: {messages}")
    raise SchemaError(f"{source}: no introspection result (no __schema in it)")


def fetch(url: str, token: str, timeout: float = _SECONDS) -> dict[str, Any]:
    """Ask an endpoint for its schema.

    Args:
        url: the GraphQL endpoint.
        token: the Dagster+ token; empty for an open-source webserver.
        timeout: seconds for each network step.

    Raises:
        SchemaError: the endpoint cannot be reached, refuses, redirects elsewhere, or
            answers something else.
    """
    import httpx

    headers = {_TOKEN_HEADER: token} if token else {}
    # a proxy would see the headers of a request over plain http
    trusted = url.lower().startswith("https:")
    try:
        with httpx.Client(headers=headers, timeout=timeout, trust_env=trusted) as client:
            answer = _post(client, url, _query(full=True))
            if any(word in _error_messages(answer) for word in ("isOneOf", "includeDeprecated")):
                answer = _post(client, url, _query(full=False))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SchemaError(f"{url}: {type(error).__name__}: {error}") from error
    return introspection_of(answer, url)


def _run(source: str, output: Path, token: str, timeout: float, *, check: bool) -> tuple[int, str]:
    """Return the exit code and what to print."""
    result = fetch(source, token, timeout) if _is_url(source) else _load(Path(source))
    sdl = sdl_of(result)
    old = output.read_text(encoding="utf-8") if output.exists() else ""
    if sdl == old:
        return 0, f"{output}: no changes"
    report = _report(old, sdl)
    if check:
        return 1, f"{output} is not current\n{report}"
    output.write_text(sdl, encoding="utf-8")
    return 0, f"wrote {output}\n{report}"


def _report(old: str, new: str) -> str:
    if not old:
        schema = build_schema(new, assume_valid=True)
        names = [name for name in schema.type_map if not name.startswith("__")]
        return f"new schema: {len(names)} types"
    try:
        before = build_schema(old, assume_valid=True)
    except (GraphQLError, TypeError) as error:
        return f"no comparison: the old file is no valid SDL ({error})"
    report = describe_changes(find_changes(before, build_schema(new, assume_valid=True)))
    return "the text differs; no changes for users" if report == "no changes" else report


def _load(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise SchemaError(f"{path}: file not found") from None
    except UnicodeDecodeError:
        raise SchemaError(f"{path}: not a text file in UTF-8") from None
    try:
        document = json.loads(text)
    except ValueError as error:
        raise SchemaError(f"{path}: not JSON: {error}") from error
    return introspection_of(document, str(path))


def _query(*, full: bool) -> str:
    """Return the introspection query; older servers do not know every field of the full one."""
    return get_introspection_query(
        descriptions=False,
        specified_by_url=full,
        directive_is_repeatable=full,
        input_value_deprecation=full,
        input_object_one_of=full,
    )


def _post(client: httpx.Client, url: str, query: str) -> Any:
    """Return the JSON answer; redirects within the origin get the same request again."""
    import httpx

    target = httpx.URL(url)
    for _ in range(_MAX_REDIRECTS + 1):
        response = client.post(target, json={"query": query})
        if not response.has_redirect_location:
            return _answer(response, url)
        location = target.join(response.headers["location"])
        if _origin(location) != _origin(target):
            raise SchemaError(f"{url}: redirects to another origin, not followed: {location}")
        target = location
    raise SchemaError(f"{url}: more than {_MAX_REDIRECTS} redirects")


def _answer(response: httpx.Response, url: str) -> Any:
    """Read the body before the status: Dagster sends GraphQL errors with 400 and 500."""
    try:
        document = response.json()
    except ValueError:
        document = None
    if isinstance(document, dict) and ("data" in document or _error_messages(document)):
        return document
    status = f"HTTP {response.status_code} {response.reason_phrase}".strip()
    if response.status_code in _UNAUTHORIZED:
        raise SchemaError(f"{url}: {status}: no or a refused token in {TOKEN_VARIABLE}")
    if not response.is_success:
        raise SchemaError(f"{url}: {status}")
    raise SchemaError(f"{url}: the answer is not GraphQL ({status})")


def _error_messages(document: Any) -> str:
    errors = document.get("errors") if isinstance(document, dict) else None
    if not isinstance(errors, list):
        return ""
    messages = [e.get("message", e) if isinstance(e, dict) else e for e in errors]
    more = f"; {len(errors) - _MAX_ERRORS} more" if len(errors) > _MAX_ERRORS else ""
    return "; ".join(map(str, messages[:_MAX_ERRORS])) + more


def _without_descriptions(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_descriptions(v) for k, v in value.items() if k != "description"}
    if isinstance(value, list):
        return [_without_descriptions(item) for item in value]
    return value


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://"))


def _url_problem(url: str, token: str) -> str | None:
    """Return why a URL is refused before anything is sent."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        return f"not a URL: {error}"
    if parsed.userinfo:
        return f"no credentials in the URL: the token is read from {TOKEN_VARIABLE}"
    if token and parsed.scheme == "http" and not _is_loopback(parsed.host):
        return (
            f"the token is not sent over http to {parsed.host}: use https or unset {TOKEN_VARIABLE}"
        )
    return None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    default = {"http": 80, "https": 443}.get(url.scheme)
    return url.scheme, url.host, url.port or default


if __name__ == "__main__":
    sys.exit(main())
