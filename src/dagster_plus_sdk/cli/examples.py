"""An example of each command, which its help shows; a test runs them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES: dict[str, Sequence[str]] = {
    "asset get": [
        "dplus asset get orders",
        "dplus asset get orders --json --fields key,definition",
    ],
    "asset list": ["dplus asset list", "dplus asset list --group sales --json"],
    "auth status": ["dplus auth status"],
    "code-location get": ["dplus code-location get demo"],
    "code-location list": ["dplus code-location list --without-load-error"],
    "code-location reload": ["dplus code-location reload demo"],
    "completion": ["dplus completion bash"],
    "config show": ["dplus config show", "dplus config show --json"],
    "deployment current": ["dplus deployment current"],
    "deployment get": ["dplus deployment get prod"],
    "deployment list": ["dplus deployment list --status ACTIVE"],
    "graphql": [
        "dplus graphql '{ version }'",
        "dplus graphql 'query($id: ID!) { runOrError(runId: $id) { __typename } }' --variables id=\"$RUN_ID\"",
    ],
    "job get": ["dplus job get daily_report"],
    "job launch": [
        "dplus job launch daily_report --config-yaml '{ops: {extract_orders: {config: {region: north}}}}'"
    ],
    "job list": [
        "dplus job list --location demo",
        "dplus job list --format csv --fields name,description",
    ],
    "organization get": ["dplus organization get --json"],
    "run count": ["dplus run count --status FAILURE"],
    "run create": [
        "dplus run create --job daily_report --config-yaml '{ops: {extract_orders: {config: {region: south}}}}' --verbose",
        "dplus run create --job slow_report --tags team=shop,reason=test --no-wait",
    ],
    "run delete": ['dplus run delete "$RUN_ID"'],
    "run get": [
        'dplus run get "$RUN_ID"',
        'dplus run get "$RUN_ID" --json --fields id,status,tags',
    ],
    "run list": [
        "dplus run list --status FAILURE,CANCELED --limit 10",
        "dplus run list --job daily_report --format jsonl",
    ],
    "run terminate": ['dplus run terminate "$SLOW_RUN_ID"'],
    "run-events follow": ['dplus run-events follow "$RUN_ID" --level ERROR,WARNING'],
    "run-events get": [
        'dplus run-events get "$RUN_ID" --type RUN_START,STEP_SUCCESS --limit 20',
        'dplus run-events get "$RUN_ID" --step extract --json',
    ],
    "sandbox clock": ["dplus sandbox clock", "dplus sandbox clock --advance 3600"],
    "sandbox down": ["dplus sandbox down"],
    "sandbox env": ["dplus sandbox env --with-token", "dplus sandbox env --role viewer --json"],
    "sandbox faults add": [
        "dplus sandbox faults add bad_gateway --operation 'List*' --times 2",
        "dplus sandbox faults add latency --share 0.1 --set seconds=0.5",
    ],
    "sandbox faults clear": ["dplus sandbox faults clear"],
    "sandbox faults list": ["dplus sandbox faults list --fields id,fault,fired"],
    "sandbox faults remove": ["dplus sandbox faults remove 1"],
    "sandbox requests": [
        "dplus sandbox requests --operation 'List*' --limit 5",
        "dplus sandbox requests --json --fields operation,variables,status --clear",
    ],
    "sandbox reset": ["dplus sandbox reset"],
    "sandbox seed": ["dplus sandbox seed seed.yaml"],
    "sandbox snapshot load": ["dplus sandbox snapshot load state.json"],
    "sandbox snapshot save": ["dplus sandbox snapshot save state.json"],
    "sandbox status": [
        "dplus sandbox status",
        "dplus sandbox status --json --fields url,deployments",
    ],
    "sandbox switches": [
        "dplus sandbox switches --fields switch,value",
        "dplus sandbox switches --set unauthorized_status=403",
    ],
    "sandbox tokens": [
        "dplus sandbox tokens",
        "dplus sandbox tokens --role viewer --fields token",
    ],
    "sandbox up": [
        "dplus sandbox up --detach",
        "dplus sandbox up --port 0 --file defs.py",
        "dplus sandbox up --dagster none --seed seed.yaml --fresh",
        "dplus sandbox up --host 0.0.0.0 --token-file token.txt",
    ],
}
