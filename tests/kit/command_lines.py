"""A command line for each command of ``dplus``: all that it requires, in words that fit the answers of `kit.answer_server`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_plus_sdk.cli.tree import is_noun, nouns, verbs

if TYPE_CHECKING:
    from pathlib import Path

#: What a text is by its name; anything else is ``name-1``.
_BY_NAME = {
    "agent": "label-1",
    "asset": "path-1/path-2",
    "assets": "path-1/path-2",
    "before": "2024-06-01T12:00:00Z",
    "definition": "dynamicPartitionsDefinitionName-1",
    "email": "email-3@example.com",
    "end": "2024-06-01T12:00:00Z",
    "entry_id": "id-1",
    "key": "path-1/path-2",
    "keys": "path-1/path-2",
    "notification_id": "id-1",
    "repo": "acme/pipelines",
    "token_id": "id-1",
    "user": "email-1@example.com",
}
_BY_KIND = {"float": "1.5", "int": "1", "tags": "team=shop", "time": "2024-05-01T12:00:00Z"}

#: The documents of commands that need one of a certain form.
_DOCUMENTS = {
    "alert-policy": "alert_policies: [{name: name-1}]",
    "alert-policy create": "name: new",
    "alert-policy test": "name: name-1",
    "alert-policy update": "name: name-1",
    "code-location": "locations: [{location_name: new, image: a}]",
    "insights create-metrics": "metrics: [{runId: a, assetMetricDefinitions: [{assetKey: a}]}]",
    "insights submit-costs": "query-1: 1.5",
    "organization upload-saml-metadata": "<md:EntityDescriptor/>",
    # As many as the server gives results.
    "run create-many": f"[{', '.join(['{job: name-1}'] * 12)}]",
    "secret": "secrets: [{name: A, value: b}]",
}

#: What a command needs besides what its table says: one of several options, or no check of the generated document schema.
MORE = {
    "agent-token remove-role": "--scope organization",
    "agent-token update": "--description new",
    "alert-notification get": "--policy name-1",
    "alert-notification list": "--policy name-1",
    "alert-policy create": "--no-validate",
    "alert-policy mute": "--for-seconds 60",
    "alert-policy plan": "--no-validate",
    "alert-policy sync": "--no-validate",
    "alert-policy test": "--no-validate",
    "alert-policy update": "--no-validate",
    "asset materialize": "path-1/path-2",
    "asset observe": "path-1/path-2",
    "asset follow": "--timeout 60",
    "backfill create": "--job jobName-1 --all-partitions",
    "catalog-view create": "--query kind:dbt",
    "catalog-view update": "--description new",
    "code-location create": "--image a --no-validate",
    "code-location deploy": "--no-validate",
    "code-location follow": "--timeout 60",
    "code-location plan": "--no-validate",
    "code-location sync": "--no-validate",
    "code-location update": "--image a --no-validate",
    "custom-role create": "--permission EDIT_ALERTS --icon star",
    "custom-role update": "--description new",
    "deployment update": "--agent-type HYBRID",
    "deployment-setting plan": "--no-validate",
    "deployment-setting set": "--no-validate",
    "deployment-setting update": "--no-validate",
    "insights by-asset-selection": "--selection group:sales",
    "insights update-custom-metric": "--description new",
    "integration update-connection": "--description new",
    "issue link": "--run id-1",
    "issue unlink": "--run id-1",
    "issue update": "--title new",
    "organization-setting plan": "--no-validate",
    "organization-setting set": "--no-validate",
    "organization-setting update": "--no-validate",
    "partition list": "--job name-1",
    "pin add": "--catalog-view name-1",
    "run create": "--job name-1",
    "secret update": "--locations name-1",
    "service-user remove-role": "--scope organization",
    "service-user update": "--name new",
    "team remove-role": "--scope organization",
    "team update": "--name new",
    "user remove-role": "--scope organization",
    "user update": "--role ADMIN --scope organization",
}

#: Arguments that are other ones than their names and kinds say.
_WORDS: dict[tuple[str, str], str] = {
    ("alert-policy test", "document"): "FILE",
    ("artifact download", "path"): "FILE",
    ("artifact upload", "path"): "FILE",
    ("completion", "shell"): "bash",
    ("graphql", "document"): "{ version }",
    ("insights delete-custom-metric", "key"): "metadataKey-1",
    ("insights update-custom-metric", "key"): "metadataKey-1",
}


def leaves(entries: dict[str, Any] | None = None, path: str = "") -> dict[str, dict[str, Any]]:
    """Return the entry of every command that does something, by its words."""
    found: dict[str, dict[str, Any]] = {}
    for name, entry in (nouns() if entries is None else entries).items():
        words = f"{path} {name}".strip()
        found |= leaves(verbs(name, entry), words) if is_noun(entry) else {words: entry}
    return found


def words_of(path: str, entry: dict[str, Any], folder: Path) -> list[str]:
    """Return a command line; its files are written into the folder."""
    words = path.split()
    for given in entry["params"]:
        is_required = given.get("required", "options" not in given)
        if not (is_required or (path, given["name"]) in _WORDS):
            continue
        word = _word(path, given, folder)
        if "options" not in given:
            words.append(word)
        elif given["kind"] in ("flag", "maybe"):
            words.append(given["options"][0].partition("/")[0])
        else:
            words += [given["options"][0], word]
    sure = ["--yes"] if "destructive" in entry else []
    return [*words, *MORE.get(path, "").split(), *sure]


def _word(path: str, given: dict[str, Any], folder: Path) -> str:
    name, kind = given["name"], given["kind"]
    word = _WORDS.get((path, name))
    if word == "FILE" or kind in ("config", "records"):
        file = folder / "document.yaml"
        file.write_text(
            _DOCUMENTS.get(path, _DOCUMENTS.get(path.split(maxsplit=1)[0], "name: name-1"))
        )
        return str(file)
    choices = given.get("choices") or [_BY_KIND.get(kind, "name-1")]
    by_name = None if kind == "int" else _BY_NAME.get(name)
    return word or by_name or choices[0]
