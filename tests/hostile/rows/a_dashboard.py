"""A: the dashboard and its API."""

from __future__ import annotations

from tests.hostile.row import Chapter

chapter = Chapter("A", "dashboard and API", 11)

_NONE = "there is no dashboard and no API yet"
for _name, _title in {
    "A1": "script in any field under a Content-Security-Policy that runs nothing",
    "A2": "a bind to more than loopback without authentication",
    "A3": "a foreign Host header",
    "A4": "a cross-site POST",
    "A5": "an open redirect",
    "A6": "a limit of 10^9, a deep offset, a query of 1 MB",
    "A7": "slow clients",
    "A8": "“try this URL” of a private address",
    "A10": "secrets in metrics and status",
    "A11": "the database is down: /readyz, and not /healthz",
}.items():
    chapter.absent(_name, _title, _NONE)

chapter.held(
    "A9", "formulas in exported CSV; output feeds are not there yet",
    "tests/cli/test_load.py::test_a_spreadsheet_computes_nothing_of_what_pages_say",
)  # fmt: skip
