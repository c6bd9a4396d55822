"""The pages of Dagster's web interface: which thing has one, and where.

The routes are those of the webserver of Dagster 1.13; a test compares them with the installed one. Dagster+ has the same below the
base of each deployment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .config import Settings

#: What has a page, for people.
SUBJECTS = "runs, run events, backfills, jobs, assets, asset checks, schedules, sensors, code locations, repositories, pools, deployments"

_ASSET = "/assets/{key}"
_BACKFILL = "/runs/b/{id}"
_JOB = "/locations/{repository}/jobs/{name}"
_PLACE = "/locations/{itself}"
_RUN = "/runs/{id}"

#: By the name of a class, which its subclasses share: the path, with attributes of the thing.
PAGES = {
    "AssetCheck": _ASSET + "?view=checks&checkDetail={name}",
    "AssetCheckRef": "/assets/{asset_key}?view=checks&checkDetail={name}",
    "AssetDefinitionSummary": _ASSET,
    "AssetKey": "/assets/{itself}",
    "AssetLineageNode": _ASSET,
    "AssetPlace": _ASSET,
    "AssetRecord": _ASSET,
    "AssetRecordKey": _ASSET,
    "AssetRef": _ASSET,
    "AssetStatus": _ASSET,
    "BackfillState": _BACKFILL,
    "BackfillSummary": _BACKFILL,
    "CodeLocation": _PLACE,
    "CodeLocationEntry": "/locations/{name}",
    "CodeLocationStatus": "/locations/{name}",
    "ConcurrencyLimit": "/deployment/concurrency/{pool}",
    "IssueRun": _RUN,
    "JobRef": _JOB,
    "JobSummary": _JOB,
    "LoadedLocation": _PLACE,
    "LocationRef": "/locations/{name}",
    "RepositoryRef": _PLACE,
    "RunEvent": "/runs/{run_id}",
    "RunState": _RUN,
    "RunSummary": _RUN,
    "RunsFeedBackfill": _BACKFILL,
    "RunsFeedRun": _RUN,
    "ScheduleSummary": "/locations/{state}/schedules/{name}",
    "SearchResult": _ASSET,
    "SensorSummary": "/locations/{state}/sensors/{name}",
}

#: A deployment's page is the base of its own pages.
_DEPLOYMENT = "DeploymentRef"

#: The repository that a code location has where nobody gave it a name: paths leave it out.
_DEFAULT = "__repository__"


def url_for(settings: Settings, obj: object) -> str:
    """Return the address of the page about a thing; see ``client.url_for``.

    Raises:
        InvalidInputError: There is none.
    """
    for name in (base.__name__ for base in type(obj).__mro__):
        if name == _DEPLOYMENT:
            return settings.with_deployment(obj.name).web_url  # type: ignore[attr-defined]
        if name in PAGES:
            return settings.web_url + PAGES[name].format_map(_Parts(obj))
    raise InvalidInputError(
        f"There is no web page about a {type(obj).__name__}; there are pages about {SUBJECTS}"
    )


def has_page(kind: type) -> bool:
    """Tell whether there are pages about the things of a class."""
    return any(base.__name__ in (*PAGES, _DEPLOYMENT) for base in kind.__mro__)


class _Parts(dict[str, str]):
    """The parts of a path, each as it stands in a URL."""

    def __init__(self, obj: object) -> None:
        super().__init__()
        self._obj: Any = obj

    def __missing__(self, name: str) -> str:
        return _part(self._obj if name == "itself" else getattr(self._obj, name))


def _part(value: Any) -> str:
    """Return a text, an asset's key, or the repository or location of a definition, as a part of a path."""
    if isinstance(value, str):
        return _quoted(value)
    if hasattr(value, "to_wire"):  # an asset key
        return "/".join(map(_quoted, value.path))
    if hasattr(value, "repository_name"):
        return _repository([value.repository_name], value.location_name)
    if hasattr(value, "location"):
        return _repository([value.name], value.location.name)
    loaded = getattr(value, "location_or_load_error", value)
    return _repository([home.name for home in getattr(loaded, "repositories", ())], value.name)


def _repository(names: Sequence[str], location: str) -> str:
    """Return the first of a location's repositories; the one without a name goes first, and is what there is where none is known."""
    place = _quoted(location)
    return place if not names or _DEFAULT in names else f"{_quoted(min(names))}@{place}"


def _quoted(text: str) -> str:
    """Quote as the web interface does (``encodeURIComponent``)."""
    return quote(text, safe="!~*'()")
