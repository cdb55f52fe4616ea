"""When everything fails at once, it is our network."""

from __future__ import annotations

import pytest

from ingest.cadence import Attempt, is_our_outage


def failed(*hosts: str, kind: str = "timeout", status: int | None = None) -> list[Attempt]:
    return [Attempt(url=f"https://{host}/feed", kind=kind, status=status) for host in hosts]


ANSWERED = Attempt(url="https://good.example/")


@pytest.mark.parametrize("kind", ["dns", "connect", "timeout", "network", "tls"])
def test_several_sites_without_an_answer_are_our_outage(kind: str) -> None:
    assert is_our_outage(failed("a.example", "b.example", "c.example", kind=kind))


def test_fifty_dead_names_are_not_as_long_as_one_host_answers() -> None:
    dead = failed(*(f"{n}.example" for n in range(50)))
    assert not is_our_outage([*dead, ANSWERED])


def test_the_outage_begins_with_the_last_answer() -> None:
    assert is_our_outage([ANSWERED, *failed("a.example", "b.example", "c.example")])


def test_an_error_that_a_server_sends_is_an_answer() -> None:
    dead = failed("a.example", "b.example", "c.example")
    assert not is_our_outage([*dead, *failed("d.example", kind="status", status=500)])
    assert not is_our_outage([*dead, *failed("d.example", kind="bad_body")])


def test_many_hosts_of_one_publisher_are_one_witness() -> None:
    assert not is_our_outage(failed("a.example.org", "b.example.org", "c.example.org", "example.org"))


def test_the_login_page_of_our_own_network_is_no_answer() -> None:
    assert is_our_outage(failed("a.example", "b.example", "c.example", kind="status", status=511))


def test_nothing_tried_is_no_outage() -> None:
    assert not is_our_outage([])
