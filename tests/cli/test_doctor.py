"""`ingest doctor` finds what is wrong and says what to do."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.cli import doctor
from ingest.cli.doctor import Check, command, database, examine
from ingest.store.health import health


def states(checks) -> dict[str, str]:
    return {check.name: check.state for check in checks}


def configured(directory: Path, text: str) -> Path:
    file = directory / "config.yaml"
    file.write_text(text)
    return file


def test_a_sound_installation_passes_and_the_json_says_the_same(tmp_path: Path) -> None:
    file = configured(
        tmp_path, f"database: sqlite:///{tmp_path}/x.db\nidentity: {{contact: 'https://example.org/bot'}}"
    )
    answer = CliRunner().invoke(command, ["--json", "--config", str(file)], standalone_mode=False)
    told = json.loads(answer.output)
    assert (told["ok"], answer.return_value) == (True, 0)
    assert {check["name"] for check in told["checks"]} >= {
        "expat", "sqlite", "brotli", "httpx", "certificates", "box", "configuration", "permissions", "disk", "database"
    }  # fmt: skip
    assert all(check["advice"] for check in told["checks"] if check["state"] != "ok")
    assert not (tmp_path / "x.db").exists()


def test_a_broken_configuration_is_a_failure_among_the_other_checks(tmp_path: Path) -> None:
    file = configured(tmp_path, "databse: x\nfetch: {timeout: soon}")
    checks = list(examine(file))
    assert [check.found for check in checks if check.state == "fail"][:2] == [
        f"{file}:1: databse: unknown key; did you mean database?",
        f"{file}:2: fetch.timeout: 'soon' is not a duration; write 30s, 15m, 2h or 1d",
    ]
    answer = CliRunner().invoke(command, ["--config", str(file)], standalone_mode=False)
    assert answer.return_value == 1
    assert "did you mean" in answer.output


def test_a_database_of_this_program_is_recognised_and_an_empty_one(database_url: str, empty_database_url: str) -> None:
    assert states(database(database_url))["schema"] == "ok"
    assert health(database_url).schema == health(database_url).wanted
    if not empty_database_url.startswith("sqlite"):
        assert health(empty_database_url).schema is None
        assert health(empty_database_url).schema is None  # the first look changed nothing
        assert states(database(empty_database_url))["clock"] == "ok"


def test_a_database_that_can_not_be_used_says_why(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"no database at all, whatever its name is" * 100)
    assert states(database(f"sqlite:///{tmp_path}/x.db"))["database"] == "fail"
    assert states(database(f"sqlite:///{tmp_path}/nowhere/x.db"))["permissions"] == "fail"
    [away] = database("postgresql+psycopg://nobody:secret@127.0.0.1:1/none")
    assert (away.name, away.state) == ("database", "fail")
    assert "secret" not in away.found
    for url in ("sqlite://", "sqlite:///:memory:"):
        assert states(database(url)) == {"database": "warn"}  # it ends with the command


@pytest.mark.parametrize(
    ("ahead", "state", "told"),
    [(0.1, "ok", "ahead of"), (-5, "warn", "behind"), (300, "fail", "300.0 s ahead of the database's")],
)
def test_clocks_that_differ_are_told(ahead: float, state: str, told: str) -> None:
    check = doctor._clock(timedelta(seconds=ahead).total_seconds())
    assert (check.state, told in check.found) == (state, True)


@pytest.mark.parametrize(
    ("found", "state"), [("2.7.1", "ok"), ("2.10.0", "ok"), ("2.6.4", "warn"), ("missing", "warn")]
)
def test_versions_are_compared_by_number(found: str, state: str) -> None:
    assert doctor._at_least("expat", found, (2, 7, 0), "warn", "update").state == state


def test_a_schema_that_is_older_or_newer_is_a_failure_with_different_advice() -> None:
    def of(schema: str) -> Check:
        return doctor._schema(doctor.Health(server="SQLite", schema=schema, wanted="0002", at=None))

    assert (of("0001").state, of("0002").state, of("0003").state) == ("fail", "ok", "fail")
    assert "db upgrade" in of("0001").advice
    assert "newer ingest" in of("0003").advice


def test_a_password_in_a_file_that_others_read_is_told(tmp_path: Path) -> None:
    file = configured(tmp_path, "database: postgresql+psycopg://u:secret@127.0.0.1:1/x")
    file.chmod(0o644)
    checks = list(examine(file))
    assert states(checks)["permissions"] == "warn"
    assert not any("secret" in check.found + check.advice for check in checks)
    file.chmod(0o600)
    assert "permissions" not in states(examine(file))
