"""Is the deployment well, and how many steps may use the database at once?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    print("Dagster", client.instance.version())
    for daemon in client.instance.daemons(required=True):
        print(daemon.type, "well" if daemon.healthy else "not well")
    client.instance.set_concurrency_limit("database", 4)
    for pool in client.instance.concurrency_limits():
        print(pool.pool, pool.limit, "slots,", pool.pending_step_count, "steps wait")
