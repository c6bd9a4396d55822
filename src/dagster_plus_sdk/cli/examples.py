"""An example of each command, which its help shows; a test runs them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

EXAMPLES: dict[str, Sequence[str]] = {
    "asset follow": [
        "dplus asset follow customers,products --timeout 1",
        "dplus asset follow raw_orders --partition 2024-01-02 --type FAILURE --json --timeout 1",
    ],
    "asset get": [
        "dplus asset get orders",
        "dplus asset get orders --json --fields key,definition",
    ],
    "asset list": ["dplus asset list", "dplus asset list --group sales --json"],
    "asset materialize": [
        "dplus asset materialize --pattern 'cust*' --no-wait",
        "dplus asset materialize raw_orders --partition 2024-01-02 --no-wait",
    ],
    "asset observe": ["dplus asset observe exchange_rates --no-wait --json"],
    "auth status": ["dplus auth status"],
    "backfill create": [
        "dplus backfill create --assets raw_orders --partition-range 2024-01-01..2024-01-02",
    ],
    "backfill follow": [
        'dplus backfill follow "$BACKFILL_ID" --json --fields status,run_counts --timeout 60',
    ],
    "backfill wait": ['dplus backfill wait "$BACKFILL_ID" --timeout 60'],
    "backfill watch": ['dplus backfill watch "$BACKFILL_ID"'],
    "code-location follow": [
        "dplus code-location follow --timeout 1",
        "dplus code-location follow --pattern 'dem*' --json --timeout 1",
    ],
    "code-location get": ["dplus code-location get demo"],
    "code-location list": ["dplus code-location list --without-load-error"],
    "code-location reload": ["dplus code-location reload demo"],
    "code-location wait-until-loaded": [
        "dplus code-location wait-until-loaded demo --timeout 60 --fields name,load_status",
    ],
    "completion": ["dplus completion bash"],
    "config show": ["dplus config show", "dplus config show --json"],
    "deployment current": ["dplus deployment current"],
    "deployment get": ["dplus deployment get prod"],
    "deployment list": ["dplus deployment list --status ACTIVE"],
    "discover": [
        "dplus discover",
        "dplus discover --filter jobs --pattern '*_report' --verbose",
        "dplus discover --groups 'a*,w*' --json --fields name,location,group",
    ],
    "graphql": [
        "dplus graphql '{ version }'",
        "dplus graphql 'query($id: ID!) { runOrError(runId: $id) { __typename } }' --variables id=\"$RUN_ID\"",
    ],
    "job get": ["dplus job get daily_report"],
    "job launch": [
        "dplus job launch daily_report --config-yaml '{ops: {extract_orders: {config: {region: north}}}}'",
        "dplus job launch orders_assets --asset-selection products --timeout 60 --cancel-on-timeout",
    ],
    "job list": [
        "dplus job list --location demo",
        "dplus job list --format csv --fields name,description",
    ],
    "organization get": ["dplus organization get --json"],
    "log follow": [
        'dplus log follow "$RUN_ID"',
        'dplus log follow "$RUN_ID" --step publish --stream stdout --timeout 60',
    ],
    "log get": [
        'dplus log get "$RUN_ID"',
        'dplus log get "$RUN_ID" --step publish --stream stdout',
    ],
    "run count": ["dplus run count --status FAILURE"],
    "run create": [
        "dplus run create --job daily_report --config-yaml '{ops: {extract_orders: {config: {region: south}}}}' --verbose",
        "dplus run create --job slow_report --tags team=shop,reason=test --no-wait",
        "dplus run create --job slow_report --config-yaml '{ops: {wait_for_suppliers: {config: {seconds: 1}}}}' --validate-only",
        "dplus run create --job daily_report --run-config config.yaml --idempotency-key report-2024-05-01 --no-wait",
        "dplus run create --asset-selection products,customers",
        "dplus run create --asset-pattern 'prod*' --no-wait --json",
    ],
    "run create-many": ["dplus run create-many launches.yaml"],
    "run delete": ['dplus run delete "$RUN_ID"'],
    "run find-launch": ["dplus run find-launch report-2024-05-01"],
    "run get": [
        'dplus run get "$RUN_ID"',
        'dplus run get "$RUN_ID" --json --fields id,status,tags',
    ],
    "run list": [
        "dplus run list --status FAILURE,CANCELED --limit 10",
        "dplus run list --job daily_report --format jsonl",
    ],
    "run reexecute": ['dplus run reexecute "$RUN_ID" --no-wait'],
    "run terminate": ['dplus run terminate "$SLOW_RUN_ID"'],
    "run wait": ['dplus run wait "$RUN_ID" --timeout 60 --json --fields status,url'],
    "run wait-many": ['dplus run wait-many "$RUN_ID" --timeout 60 --no-raise-on-failure'],
    "run watch": ['dplus run watch "$RUN_ID"', 'dplus run watch "$RUN_ID" --json'],
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
