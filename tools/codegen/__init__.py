"""The plugin of ariadne-codegen that writes `dagster_plus_sdk._generated`.

`queries` reads the operations, `selection` says what a type gets from a selection, `writer` turns that into
classes, `fragments` and `results` into modules; `documents`, `operations`, `inputs` and `package` write the rest.
`tables` holds what the schema does not say, `lints` what must not pass, and `plugin` ties them together.
"""
