"""Which environment variables must be set, and who reads them?"""

from dagster_plus_sdk import DagsterPlus

with DagsterPlus() as client:
    variables = client.env_vars.list().to_list()
    print(len(variables), "variables are read")
    for variable in variables:
        print(variable.name, ", ".join(reader.name for reader in variable.consumers))
