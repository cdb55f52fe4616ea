"""G: configurations that people, or others, have made a mess of."""

from __future__ import annotations

import os
import time

from ingest import config
from ingest.errors import ConfigError
from tests.hostile.row import Chapter
from tests.hostile.world import World

chapter = Chapter("G", "configuration", 7)


def _configured(text: str) -> str:
    try:
        settings = config.parse(text, "c.yaml", {})
    except ConfigError as error:
        return str(error).replace("\n", " | ")
    return f"{len(settings.sources)} sources"


@chapter.row("G1", "every mistake with its line", r"^c.yaml:1: .* \| c.yaml:2: ")
def _(_: World) -> str:
    return _configured("databse: x\nfetch: {timeout: soon}")


@chapter.row("G2", "a name twice", "is the name of the source in line 2")
def _(_: World) -> str:
    return _configured("sources:\n- {name: a, feed: 'https://e.org/1'}\n- {name: a, feed: 'https://e.org/2'}")


@chapter.row("G3", "a selector that is none", "is not a CSS selector")
def _(_: World) -> str:
    return _configured("sources: [{name: a, page: 'https://e.org/', links: 'a['}]")


@chapter.row("G4", "a password is not repeated", "^c.yaml:1: database: not a database address")
def _(_: World) -> str:
    return _configured("database: mysql://u:secret@h/x").replace("secret", "SECRET LEAKED")


@chapter.row(
    "G4", "a password from the environment: commands fail, and do not say it",
    r"^exit 1, 1; the password is nowhere; \*\*\* in its place$",
    tests=("tests/store/test_database.py::test_a_server_that_does_not_answer_is_named_without_its_password",),
)  # fmt: skip
def _(world: World) -> str:
    folder = world.folder()
    (folder / "c.yaml").write_text("sources: [{name: a, feed: 'http://127.0.0.1:1/f'}]")
    secret = {**os.environ, "INGEST_DATABASE": "postgresql://u:sesame@127.0.0.1:1/x"}
    done = [world.command(*call, "--config", str(folder / "c.yaml"), env=secret) for call in (["doctor"], ["status"])]
    said = "".join(one.stdout + one.stderr for one in done)
    where = "THE PASSWORD IS SAID" if "sesame" in said else "the password is nowhere"
    return f"exit {done[0].returncode}, {done[1].returncode}; {where}; {'***' if ':***@' in said else 'NOTHING'} in its place"


@chapter.row("G5", "no sources; very many", r"^0 sources, \d+ sources in [0-4]\.\d s of processor time$", 10)
def _(world: World) -> str:
    many = "sources:\n" + "".join(
        f"- {{name: s{n}, feed: 'https://e{n}.org/f'}}\n" for n in range(world.size(1_000, 100_000))
    )
    start = time.process_time()
    return f"{_configured('')}, {_configured(many)} in {time.process_time() - start:.1f} s of processor time"


chapter.held(
    "G6", "a source is edited, added or taken out during a run",
    "tests/daemon/test_run.py::test_sighup_loads_a_changed_configuration_and_says_what_changed",
    "tests/store/test_sources.py::test_a_source_that_is_no_longer_named_is_paused_and_its_articles_stay",
    "tests/store/test_sources.py::test_a_source_with_another_address_forgets_its_validators",
)  # fmt: skip


@chapter.row(
    "G7", "a mark and CRLF, an alias bomb, Python objects, deep nesting",
    "^0 sources; .*aliases.*; .*c.yaml.*; .*c.yaml",
)  # fmt: skip
def _(world: World) -> str:
    file = world.folder() / "c.yaml"
    file.write_bytes(b"\xef\xbb\xbfdatabase: sqlite:///x.db\r\n")
    marked = f"{len(config.load(file, {}).sources)} sources"
    bomb = "a: &a [x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    odd = (bomb, "database: !!python/object/apply:os.system ['true']", "[" * 5_000 + "]" * 5_000)
    return "; ".join((marked, *map(_configured, odd)))
