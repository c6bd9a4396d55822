"""The programs that are measured: each is a whole process, as a user would start it.

A program gets the address of the benchmark's server as its only argument.
"""

from __future__ import annotations

ARGUMENTS = 'organization="acme", deployment="prod", token="user:x:1"'

BARE = "pass"

HTTPX = "import httpx"

CONSTRUCT = f"""
from dagster_plus_sdk import DagsterPlus
DagsterPlus({ARGUMENTS})
"""

CONSTRUCT_ASYNC = f"""
from dagster_plus_sdk import AsyncDagsterPlus
AsyncDagsterPlus({ARGUMENTS})
"""

CONSTRUCT_OFFICIAL = """
import sys
from dagster_rest_resources.gql_client import DagsterPlusGraphQLClient
DagsterPlusGraphQLClient(url=sys.argv[1], api_token="user:x:1", organization="acme", deployment="prod")
"""

#: The floor of any first call: the two libraries, an open client, one model, one request.
FLOOR = """
import sys
import httpx
from pydantic import BaseModel, TypeAdapter
class Run(BaseModel):
    id: str
class Data(BaseModel):
    runOrError: Run
class Envelope(BaseModel):
    data: Data
with httpx.Client() as client:
    answer = client.post(sys.argv[1] + "/graphql", json={"operationName": "GetRun", "query": "{ours}"})
    assert Envelope.model_validate_json(answer.content).data.runOrError.id
"""

FIRST_CALL = f"""
import sys
from dagster_plus_sdk import DagsterPlus
with DagsterPlus(url=sys.argv[1], {ARGUMENTS}) as client:
    assert client.runs.get("run").job_name == "daily_report"
"""

FIRST_CALL_ASYNC = f"""
import asyncio
import sys
from dagster_plus_sdk import AsyncDagsterPlus
async def main():
    async with AsyncDagsterPlus(url=sys.argv[1], {ARGUMENTS}) as client:
        assert (await client.runs.get("run")).job_name == "daily_report"
asyncio.run(main())
"""

FIRST_CALL_OFFICIAL = """
import sys
from dagster_rest_resources.api.run import DgApiRunApi
from dagster_rest_resources.gql_client import DagsterPlusGraphQLClient
with DagsterPlusGraphQLClient(
    url=sys.argv[1], api_token="user:x:1", organization="acme", deployment="prod"
) as client:
    assert DgApiRunApi(client).get_run("run").job_name == "daily_report"
"""

#: Prints the most memory that the process has held, in MB, behind any program.
#: Not by getrusage where the kernel tells itself: that begins with what the parent held at the fork.
MEMORY = """
try:
    with open("/proc/self/status") as status:
        most = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    import resource
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(most / 1024)
"""
