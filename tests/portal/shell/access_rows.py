"""Who may open the shell's addresses."""

from tests.house.access_table import Row, signed_in

ROWS = [
    Row("shell:home", signed_in(200)),
    Row("shell:search", signed_in(200)),
    Row("shell:palette", signed_in(200)),
    Row("shell:keyboard", signed_in(200)),
    Row("api:root", signed_in(200, anonymous=401)),
    Row("api:schema", signed_in(200, anonymous=401)),
    Row("api:docs", signed_in(200)),
    Row("api:docs-resource", signed_in(200), {"name": "teams"}),
]
