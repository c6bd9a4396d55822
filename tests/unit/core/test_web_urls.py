"""The pages of the web interface."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urlsplit

import pytest

import dagster_plus_sdk
from dagster_plus_sdk import AssetKey, ConfigurationError, InvalidInputError
from dagster_plus_sdk._core.config import resolve
from dagster_plus_sdk._core.web_urls import PAGES, has_page, url_for
from dagster_plus_sdk.cli.printing.web import LISTS

PLAIN = resolve(url="http://localhost:3000/dagster", environ={})
PLUS = resolve(organization="acme", deployment="prod", token="user:x:1", environ={})


def thing(kind: str, **attributes):
    """An object of a subclass of a class with that name."""
    return type("Sub", (type(kind, (SimpleNamespace,), {}),), {})(**attributes)


def home(repository: str, location: str):
    return SimpleNamespace(name=repository, location=SimpleNamespace(name=location))


def state(repository: str, location: str):
    return SimpleNamespace(repository_name=repository, location_name=location)


def loaded(*repositories: str, location: str = "etl"):
    homes = [SimpleNamespace(name=name) for name in repositories]
    return SimpleNamespace(name=location, repositories=homes)


DEFAULT = "__repository__"
KEY = AssetKey("warehouse", "day/night", "50% off?")
QUOTED = "warehouse/day%2Fnight/50%25%20off%3F"
EXAMPLES = [
    *((thing(kind, id="0f-1"), "/runs/0f-1") for kind in ("IssueRun", "RunState", "RunSummary", "RunsFeedRun")),
    *((thing(kind, id="abc"), "/runs/b/abc") for kind in ("BackfillState", "BackfillSummary", "RunsFeedBackfill")),
    *(
        (thing(kind, key=KEY), f"/assets/{QUOTED}")
        for kind in (
            "AssetDefinitionSummary", "AssetLineageNode", "AssetPlace", "AssetRecord", "AssetRecordKey", "AssetRef",
            "AssetStatus", "SearchResult",
        )
    ),
    (KEY, f"/assets/{QUOTED}"),
    (thing("AssetCheck", key=KEY, name="no nulls"), f"/assets/{QUOTED}?view=checks&checkDetail=no%20nulls"),
    (thing("AssetCheckRef", asset_key=KEY, name="fresh"), f"/assets/{QUOTED}?view=checks&checkDetail=fresh"),
    (thing("RunEvent", run_id="0f-1"), "/runs/0f-1"),
    (thing("JobSummary", name="daily", repository=home(DEFAULT, "etl")), "/locations/etl/jobs/daily"),
    (thing("JobRef", name="daily", repository=home("shop", "a b/c@d")), "/locations/shop@a%20b%2Fc%40d/jobs/daily"),
    (thing("ScheduleSummary", name="nightly", state=state(DEFAULT, "etl")), "/locations/etl/schedules/nightly"),
    (thing("SensorSummary", name="watch", state=state("shop", "etl")), "/locations/shop@etl/sensors/watch"),
    (thing("RepositoryRef", name=DEFAULT, location=SimpleNamespace(name="etl")), "/locations/etl"),
    (thing("RepositoryRef", name="shop", location=SimpleNamespace(name="etl")), "/locations/shop@etl"),
    (thing("LocationRef", name="my.etl"), "/locations/my.etl"),
    (thing("LoadedLocation", **vars(loaded("shop"))), "/locations/shop@etl"),
    (thing("CodeLocation", name="etl", location_or_load_error=loaded("shop", "crm")), "/locations/crm@etl"),
    (thing("CodeLocation", name="etl", location_or_load_error=loaded("a", DEFAULT)), "/locations/etl"),
    (thing("CodeLocation", name="etl", location_or_load_error=SimpleNamespace(message="no")), "/locations/etl"),
    (thing("CodeLocation", name="etl", location_or_load_error=None), "/locations/etl"),
    (thing("CodeLocationStatus", name="etl"), "/locations/etl"),
    (thing("CodeLocationEntry", name="etl"), "/locations/etl"),
    (thing("ConcurrencyLimit", pool="db/write"), "/deployment/concurrency/db%2Fwrite"),
]  # fmt: skip


def kind_of(obj: object) -> str:
    return next(base.__name__ for base in type(obj).__mro__ if base.__name__ in PAGES)


@pytest.mark.parametrize(("obj", "path"), EXAMPLES, ids=[f"{kind_of(o)} {p}" for o, p in EXAMPLES])
def test_pages(obj, path):
    assert url_for(PLAIN, obj) == f"http://localhost:3000/dagster{path}"
    assert url_for(PLUS, obj) == f"https://acme.dagster.cloud/prod{path}"


def test_every_page_has_an_example():
    assert {kind_of(obj) for obj, _ in EXAMPLES} == set(PAGES)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_classes_have_what_their_pages_need(name):
    model = getattr(dagster_plus_sdk, name)
    there = set(getattr(model, "model_fields", {})) | {"itself"}
    assert set(re.findall(r"{(\w+)}", PAGES[name])) <= there


def test_a_deployment_is_the_base_of_its_pages():
    branch = thing("DeploymentRef", name="0a1b2c")
    assert url_for(PLUS, branch) == "https://acme.dagster.cloud/0a1b2c"
    eu = resolve(url="https://dagster.cloud/acme/prod", token="user:x:1", environ={})
    assert url_for(eu, branch) == "https://acme.dagster.cloud/0a1b2c"
    with pytest.raises(ConfigurationError, match="has no deployments"):
        url_for(PLAIN, branch)


@pytest.mark.parametrize("obj", [None, "0f-1", thing("Team", id="1"), AssetKey], ids=repr)
def test_what_has_no_page(obj):
    with pytest.raises(InvalidInputError, match=r"no web page about a .*pages about runs, .*pools"):
        url_for(PLAIN, obj)


def test_which_classes_have_pages():
    assert has_page(dagster_plus_sdk.Run)
    assert has_page(dagster_plus_sdk.Deployment)
    assert not has_page(dagster_plus_sdk.Team)


def routes() -> list[str]:
    """The routes of the installed webserver's web interface, as its script has them."""
    package = importlib.util.find_spec("dagster_webserver")
    if package is None or package.origin is None:
        pytest.skip("the sandbox extra is not installed")
    scripts = Path(package.origin).parent.joinpath("webapp", "build").rglob("*.js")
    texts = [found for path in scripts for found in _PATHS.findall(path.read_text("utf-8"))]
    return sorted({route for text in texts for route in re.findall(r'"(/[^"]*)"', text)})


#: What a route's component gets: one path, or several.
_PATHS = re.compile(r'\bpath:("/[^"]*"|\["/[^\]]*\])')

#: The most special route of each path, by the path's beginning and its last part but one.
ROUTES = [
    "/assets(/?.*)",
    "/deployment/concurrency/:concurrencyKey?",
    "/locations/:repoPath",
    "/locations/:repoPath/jobs/(/?.*)",
    "/locations/:repoPath/schedules/:scheduleName/:runTab?",
    "/locations/:repoPath/sensors/:sensorName",
    "/runs/:runId",
    "/runs/b/:backfillId",
]


def fits(route: str, path: str) -> bool:
    """Tell whether a path is one of a route's, as its router matches them."""
    pattern = re.sub(r"/:\w+\?", "(/[^/]+)?", re.sub(r"/:\w+(?!\w*\?)", "/[^/]+", route))
    return re.fullmatch(pattern, path) is not None


@pytest.mark.dagster
def test_the_installed_webserver_has_these_routes():
    there = set(routes())
    assert set(ROUTES) - there == set()
    for obj, path in EXAMPLES:
        found = [route for route in ROUTES if fits(route, urlsplit(path).path)]
        assert len(found) == 1, (kind_of(obj), path, found)
    assert unquote(urlsplit(url_for(PLAIN, KEY)).path) == "/dagster/assets/" + "/".join(KEY.path)


@pytest.mark.dagster
def test_the_installed_webserver_has_the_pages_of_lists():
    assert {urlsplit(page).path for page in LISTS.values()} <= set(routes())
