"""Examples that help shows besides those of the facade's methods: of what is none, and of what a command has beyond it. A test runs them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES: dict[str, Sequence[str]] = {
    "asset materialize": [
        "dplus asset materialize --pattern 'cust*' --no-wait",
        "dplus asset materialize raw_orders --partition 2024-01-02 --no-wait",
    ],
    "asset observe": ["dplus asset observe exchange_rates --no-wait --json"],
    "auth login": [
        "dplus auth login",
        "dplus auth login --with-token --organization acme --profile ci < token.txt",
    ],
    "auth logout": ["dplus auth logout --profile ci", "dplus auth logout --all"],
    "auth status": ["dplus auth status", "dplus auth status --all"],
    "backfill watch": ['dplus backfill watch "$BACKFILL_ID"'],
    "completion": ["dplus completion bash"],
    "config delete-profile": ["dplus config delete-profile ci --yes"],
    "config path": ["dplus config path"],
    "config profiles": ["dplus config profiles"],
    "config set": ["dplus config set deployment prod --profile ci"],
    "config show": ["dplus config show", "dplus config show --json"],
    "config unset": ["dplus config unset deployment --profile ci"],
    "config use": ["dplus config use ci", "dplus config use"],
    "deployment use": ["dplus deployment use staging"],
    "discover": [
        "dplus discover",
        "dplus discover --filter jobs --pattern '*_report' --verbose",
        "dplus discover --groups 'a*,w*' --json --fields name,location,group",
    ],
    "graphql": [
        "dplus graphql '{ version }'",
        "dplus graphql 'query($id: ID!) { runOrError(runId: $id) { __typename } }' --variables id=\"$RUN_ID\"",
    ],
    "job launch": [
        "dplus job launch daily_report --config-yaml '{ops: {extract_orders: {config: {region: north}}}}'",
        "dplus job launch orders_assets --asset-selection products --timeout 60 --cancel-on-timeout",
    ],
    "run create": [
        "dplus run create --job daily_report --config-yaml '{ops: {extract_orders: {config: {region: south}}}}' --verbose",
        "dplus run create --job slow_report --tags team=shop,reason=test --no-wait",
        "dplus run create --job slow_report --config-yaml '{ops: {wait_for_suppliers: {config: {seconds: 1}}}}' --validate-only",
        "dplus run create --asset-selection products,customers",
        "dplus run create --asset-pattern 'prod*' --no-wait --json",
    ],
    "run reexecute": ['dplus run reexecute "$RUN_ID" --no-wait'],
    "run wait": ['dplus run wait "$RUN_ID" --timeout 60 --json --fields status,url'],
    "run watch": ['dplus run watch "$RUN_ID"', 'dplus run watch "$RUN_ID" --json'],
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
