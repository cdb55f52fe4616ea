"""The hosts' ledger: leases, fences, holds, and when a host is due."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import event

from ingest.errors import FetchError
from ingest.model import Outcome
from ingest.store import Claim, Hold, Plan, PollEntry, Store, hosts
from ingest.urls import host_key

from .build import DAY, HOUR, NOW, article, failed, link, offer, poll, rows, settlement, source

LEASE = timedelta(minutes=1)
HOST = "harbour.example"


def host(store: Store, name: str = HOST) -> dict[str, object]:
    [row] = rows(store, "host", f"WHERE name = '{name}'")
    return row


def claim(store: Store, owner: str = "one", now=NOW) -> Claim:
    found = store.claim_host(HOST, owner, now, LEASE)
    assert found is not None
    return found


def due(store: Store, now=NOW, owner: str = "one", limit: int = 10):
    return store.claim_hosts(owner, now, limit, LEASE, links=10)


@pytest.fixture
def sourced(store: Store) -> Store:
    store.register([source()], NOW)
    return store


def test_a_registered_sources_host_is_due_at_once_with_its_poll(sourced: Store):
    [work] = due(sourced)
    assert (work.claim.host, [state.name for state in work.polls], work.links) == (HOST, ["harbour"], ())


def test_a_claimed_host_is_nobody_elses_until_its_lease_ends(sourced: Store):
    [work] = due(sourced)
    assert due(sourced, owner="two") == []
    assert sourced.claim_host(HOST, "two", NOW, LEASE) is None
    [again] = due(sourced, NOW + LEASE, owner="two")
    assert again.claim.token == work.claim.token + 1


def test_the_polls_next_due_time_is_stored_before_the_request_goes_out(sourced: Store):
    due(sourced)
    [row] = rows(sourced, "source")
    [again] = due(sourced, NOW + LEASE, owner="two")  # the first one was killed
    assert row["next_due_at"] is not None
    assert again.polls == ()


def test_a_released_host_is_due_when_its_earliest_work_is(sourced: Store):
    [work] = due(sourced)
    sourced.release(work.claim, NOW + timedelta(seconds=2))
    assert due(sourced, NOW + timedelta(minutes=59)) == []
    [again] = due(sourced, NOW + HOUR)
    assert again.claim.next_request_at is not None
    assert len(again.polls) == 1


def test_a_renewed_lease_holds_longer_and_a_lost_one_is_not_renewed(sourced: Store):
    mine = claim(sourced)
    [kept] = sourced.renew([mine], NOW + timedelta(seconds=30), LEASE)
    assert kept.until == NOW + timedelta(seconds=90)
    theirs = claim(sourced, "two", NOW + timedelta(seconds=91))
    assert sourced.renew([mine], NOW + timedelta(seconds=92), LEASE) == []
    assert sourced.renew([theirs], NOW + timedelta(seconds=92), LEASE) != []


def test_what_comes_late_of_a_lost_lease_is_refused_and_changes_nothing(sourced: Store):
    [link_] = offer(sourced, link())
    late = claim(sourced)
    claim(sourced, "two", NOW + LEASE)
    before = rows(sourced, "link")
    [settled] = sourced.settle([settlement(link_, article(), claim=late)], NOW + LEASE)
    receipt = sourced.record_poll(poll(link("other"), link("third"), etag='"x"'), claim=late)
    assert (settled.outcome, settled.refused) == (Outcome.PENDING, True)
    assert (receipt.refused, receipt.pending, receipt.new) == (True, 2, ())
    assert rows(sourced, "link") == before
    assert sourced.poll_state("harbour").etag is None
    assert rows(sourced, "article") == []


def test_the_settlements_of_several_leases_share_a_batch_and_only_the_late_ones_are_refused(store: Store):
    store.register([source(), source("valley")], NOW)
    [one] = store.record_poll(poll(link("a"))).new
    [two] = store.record_poll(poll(link("b", url="https://valley.example/b"), name="valley")).new
    good = store.claim_host("valley.example", "me", NOW, LEASE)
    late = claim(store)
    claim(store, "two", NOW + LEASE)
    settled = store.settle(
        [
            settlement(one, article("a"), claim=late),
            settlement(two, article("b", url="https://valley.example/b"), claim=good),
        ],
        NOW,
    )
    assert [what.outcome for what in settled] == [Outcome.PENDING, Outcome.STORED]


def test_a_new_link_wakes_its_host_and_comes_with_the_work(sourced: Store):
    sourced.record_poll(poll(link("a", url="https://elsewhere.example/a")))
    found = {work.claim.host: work for work in due(sourced)}
    assert [one.link.url for one in found["elsewhere.example"].links] == ["https://elsewhere.example/a"]


def test_work_that_is_added_while_a_host_is_visited_is_found_when_it_is_released(sourced: Store):
    [work] = due(sourced)
    sourced.record_poll(poll(link("a")))
    sourced.release(work.claim, None)
    [again] = due(sourced)
    assert len(again.links) == 1


def test_a_hold_keeps_a_host_from_being_due_whatever_is_added(sourced: Store):
    [work] = due(sourced)
    sourced.hold(work.claim, Hold(until=NOW + 3 * HOUR, reason="HTTP 429"))
    sourced.release(work.claim, None)
    sourced.record_poll(poll(link("a")))
    assert due(sourced, NOW + 2 * HOUR) == []
    claimed = claim(sourced, now=NOW + 2 * HOUR)  # a one-shot crawl asks for it by name, and is told
    assert claimed.hold == Hold(until=NOW + 3 * HOUR, reason="HTTP 429")
    assert sourced.host_work(claimed, NOW + 2 * HOUR, 10).links == ()
    sourced.release(claimed, None)
    [again] = due(sourced, NOW + 3 * HOUR)
    assert len(again.links) == 1


def test_a_hold_of_the_whole_site_covers_the_hosts_under_its_domain_and_no_others(store: Store):
    under = ["www.harbour.example", "harbour.example:8080", "img.harbour.example"]
    others = ["myharbour.example", "harbour.example.org", "valley.example"]
    store.register([source(name, url=f"http://{name}/feed") for name in (HOST, *under, *others)], NOW)
    mine = claim(store)
    longer = store.claim_host("img.harbour.example", "two", NOW, LEASE)
    assert longer is not None
    store.hold(longer, Hold(until=NOW + DAY, reason="HTTP 503"))
    store.release(longer, None)
    store.hold(mine, Hold(until=NOW + 3 * HOUR, reason="HTTP 429"), whole_site=True)
    store.release(mine, None)
    assert {work.claim.host for work in due(store)} == set(others)
    found = {work.claim.host: work.claim.hold for work in due(store, NOW + 3 * HOUR) if work.claim.host not in others}
    of_neighbour = Hold(until=NOW + 3 * HOUR, reason="HTTP 429 at harbour.example")
    assert found == {
        HOST: Hold(until=NOW + 3 * HOUR, reason="HTTP 429"),
        under[0]: of_neighbour,
        under[1]: of_neighbour,
    }
    assert host(store, "img.harbour.example")["hold_reason"] == "HTTP 503"
    assert store.holds(under[0]) == 0


def test_a_visit_of_a_host_that_is_held_for_its_neighbour_loses_the_lease_and_cant_end_the_hold(store: Store):
    www = "www.harbour.example"
    store.register([source(), source("www", url=f"https://{www}/feed")], NOW)
    mine, theirs = claim(store), store.claim_host(www, "two", NOW, LEASE)
    assert theirs is not None
    store.hold(mine, Hold(until=NOW + HOUR, reason="HTTP 429"), whole_site=True)
    assert store.record_poll(poll(link("a"), name="www"), claim=theirs).refused
    store.release(theirs, None, answered=True)
    assert host(store, www)["hold_until"] is not None
    again = store.claim_host(www, "three", NOW, LEASE)
    assert again is not None
    assert again.hold is not None


def test_who_has_lost_the_lease_holds_nobody(store: Store):
    store.register([source(), source("www", url="https://www.harbour.example/feed")], NOW)
    late = claim(store)
    claim(store, "two", NOW + LEASE)
    store.hold(late, Hold(until=NOW + HOUR, reason="HTTP 429"), whole_site=True)
    assert [row["hold_until"] for row in rows(store, "host")] == [None, None]


def test_an_article_whose_page_was_refused_is_not_looked_at_again_before_the_time_that_was_asked_for(sourced: Store):
    [due_] = offer(sourced, link())
    sourced.settle([settlement(due_, article(), looked=True)], NOW)
    refused = settlement(due_, outcome=Outcome.UNCHANGED, looked=True, retry_at=NOW + 20 * DAY)
    sourced.settle([refused], NOW + HOUR)
    [early] = due(sourced, NOW + 19 * DAY)
    sourced.release(early.claim, None)
    [late] = due(sourced, NOW + 20 * DAY)
    assert (early.links, [one.revisit for one in late.links]) == ((), [True])


def test_a_host_that_answers_again_has_no_hold_left_and_is_counted_from_the_start(sourced: Store):
    mine = claim(sourced)
    sourced.hold(mine, Hold(until=NOW + HOUR, reason="HTTP 503"))
    assert sourced.holds(HOST) == 1
    sourced.release(mine, None, answered=True)
    assert (sourced.holds(HOST), host(sourced)["hold_until"]) == (0, None)


def test_a_failed_link_makes_its_host_due_when_it_is_to_be_tried_again(sourced: Store):
    [link_] = offer(sourced, link())
    mine = claim(sourced)
    sourced.host_work(mine, NOW, 10)
    sourced.settle([failed(link_, NOW + timedelta(minutes=10))], NOW)
    sourced.release(mine, None)
    assert due(sourced, NOW + timedelta(minutes=9)) == []
    [work] = due(sourced, NOW + timedelta(minutes=10))
    assert [one.id for one in work.links] == [link_.id]


def test_leases_of_the_dead_are_taken_and_their_hosts_rest(sourced: Store):
    mine = claim(sourced, "dead")
    assert sourced.owners() == ["dead"]
    assert sourced.free(["dead"], NOW + timedelta(seconds=2)) == 1
    assert due(sourced, NOW) == []
    [work] = due(sourced, NOW + timedelta(seconds=2))
    assert work.claim.token > mine.token


def test_a_stored_article_is_looked_at_again_and_ever_more_rarely(sourced: Store):
    [link_] = offer(sourced, link())
    mine = claim(sourced)
    sourced.settle([settlement(link_, article(published_at=NOW), claim=mine, looked=True)], NOW)
    sourced.release(mine, None)
    now, looks = NOW, []
    for _ in range(40):
        now += timedelta(minutes=30)
        for work in due(sourced, now):
            for one in work.links:
                assert one.revisit
                looks.append(now - NOW)
                unchanged = settlement(one, outcome=Outcome.UNCHANGED, claim=work.claim, looked=True)
                sourced.settle([unchanged], now)
            sourced.release(work.claim, None)
    assert looks[0] == timedelta(minutes=30)
    assert len(looks) < 5
    assert all(b - a >= timedelta(minutes=30) for a, b in pairwise(looks))


def test_a_look_that_comes_late_of_a_lost_lease_leaves_the_next_one_as_it_is_planned(sourced: Store):
    [link_] = offer(sourced, link())
    mine = claim(sourced)
    sourced.settle([settlement(link_, article(published_at=NOW), claim=mine, looked=True)], NOW)
    planned = rows(sourced, "revisit")
    claim(sourced, "two", NOW + LEASE)
    late = settlement(link_, outcome=Outcome.UNCHANGED, claim=mine, looked=True)
    assert sourced.settle([late], NOW + LEASE)[0].refused
    assert planned == rows(sourced, "revisit") != []


def test_a_plan_is_stored_with_the_poll(sourced: Store):
    plan = Plan(next_due_at=NOW + 5 * HOUR, interval=5 * HOUR, state="ok", failures=0, memory={"reason": "because"})
    sourced.record_poll(poll(), plan=lambda receipt: plan)
    [row] = rows(sourced, "source_v1")
    assert (row["interval_seconds"], row["state"]) == (5 * 3600, "ok")
    assert sourced.poll_state("harbour").memory == {"reason": "because"}


def test_a_source_that_has_moved_is_polled_at_its_new_address_until_the_configuration_names_another(sourced: Store):
    moved = "https://new.example/feed"
    plan = Plan(next_due_at=NOW + HOUR, interval=HOUR, state="ok", failures=0, memory={}, moved_to=moved)
    sourced.record_poll(poll(etag='"a"'), plan=lambda receipt: plan)
    found = {work.claim.host: work for work in due(sourced, NOW + HOUR)}
    assert [state.url for state in found["new.example"].polls] == [moved]
    sourced.register([source()], NOW + DAY)
    assert sourced.poll_state("harbour").url == moved
    sourced.register([source(url="https://third.example/feed")], NOW + DAY)
    assert sourced.poll_state("harbour").url == "https://third.example/feed"


def test_what_came_due_while_nobody_looked_is_spread(store: Store):
    names = [f"n{number}" for number in range(30)]
    store.register([source(name) for name in names], NOW)
    assert store.catch_up(NOW + HOUR) == 30
    assert len(due(store, NOW + HOUR + timedelta(seconds=1), limit=100)) in range(5, 15)


def test_due_times_that_a_wrong_clock_wrote_are_mended(sourced: Store):
    tomorrow = NOW + DAY
    plan = Plan(next_due_at=tomorrow + DAY, interval=DAY, state="ok", failures=0, memory={})
    sourced.record_poll(poll(at=tomorrow), plan=lambda receipt: plan)
    [work] = due(sourced, NOW)
    sourced.release(work.claim, None)
    sourced.catch_up(NOW)
    [work] = due(sourced, NOW)
    assert len(work.polls) == 1


def test_several_works_share_a_transaction_that_fails_as_a_whole(sourced: Store):
    def wrong(store: Store) -> None:
        store.poll_state("nowhere")

    with pytest.raises(Exception, match="nowhere"):
        sourced.together([lambda store: store.claim_host(HOST, "me", NOW, LEASE), wrong])
    assert sourced.owners() == []


def test_the_databases_clock_is_near_this_machines(store: Store):
    from ingest import clock

    assert abs(store.clock() - clock.now()) < timedelta(seconds=5)


def test_an_absolved_source_is_as_before_its_last_failure_and_due_again(sourced: Store):
    sourced.record_poll(poll(etag='"a"'))
    plan = Plan(next_due_at=NOW + DAY, interval=DAY, state="failing", failures=1, memory={"failure": "transient"})
    sourced.record_poll(poll(outcome="failed", error="timed out"), plan=lambda receipt: plan)
    sourced.absolve(["harbour"], NOW + HOUR)
    [row] = rows(sourced, "source_v1")
    assert (row["state"], row["failures"], row["last_error"]) == ("ok", 0, None)
    assert sourced.poll_state("harbour").memory == {}
    [work] = due(sourced, NOW + HOUR)
    assert len(work.polls) == 1


def test_a_postponed_poll_is_due_when_it_was_put_off_to(sourced: Store):
    [work] = due(sourced)
    sourced.postpone("harbour", NOW + 5 * HOUR)
    sourced.release(work.claim, None)
    assert due(sourced, NOW + 4 * HOUR) == []
    assert len(due(sourced, NOW + 5 * HOUR)) == 1


# ------------------------------------------------------------ what it costs


def plans(store: Store, work: Callable[[], object]) -> list[str]:
    """How the database does each statement of some work, where it has an index to choose: line by line."""
    engine = store._database._engine
    statements: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, _context, many) -> None:
        statements.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    work()
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # which would look through a small table without asking its index
            connection.exec_driver_sql("SET enable_seqscan = off")
        asked = [one for one in statements if one[0].split()[0] in ("SELECT", "UPDATE")]
        assert asked
        return [str(row[-1]) for one in asked for row in connection.exec_driver_sql(explain + one[0], one[1])]


def test_a_tick_a_poll_and_the_end_of_a_visit_ask_indexes_alone(sourced: Store):
    offer(sourced, link("1"), link("2"))

    def visit() -> None:
        [work] = due(sourced, NOW + DAY)
        assert work.polls
        assert work.links
        sourced.host_work(work.claim, NOW + DAY, 10, poll=())
        sourced.record_poll(replace(poll(), outcome="unchanged", at=NOW + DAY), claim=work.claim)
        sourced.release(work.claim, NOW + DAY)

    steps = plans(sourced, visit)
    whole_tables = [step for step in steps if "Seq Scan" in step or re.match(r"SCAN (?!CONSTANT ROW)", step)]
    assert whole_tables == []
    assert any("ix_host_next_due_at" in step for step in steps)
    assert any("ix_source_host" in step for step in steps)


def test_of_polls_that_are_written_together_those_of_a_lost_lease_are_refused(store: Store):
    names = ("harbour", "pier")
    store.register([source(name, url=f"https://{name}.example/feed") for name in names], NOW)
    works = store.claim_hosts("one", NOW, 2, LEASE, links=1)
    store.claim_hosts("two", NOW + 2 * LEASE, 1, LEASE, links=1)
    entries = [
        PollEntry(poll=poll(link(name), name=name, etag='"1"'), claim=work.claim)
        for work in works
        for name in (work.polls[0].name,)
    ]
    receipts = store.record_polls(entries)
    assert [(one.refused, len(one.new), one.pending) for one in receipts] == [(True, 0, 1), (False, 1, 0)]
    assert [store.poll_state(entry.poll.source).etag for entry in entries] == [None, '"1"']


@pytest.mark.parametrize(
    "url",
    [
        "https://harbour.example/a",
        "https://Harbour.example:443/a",
        "http://harbour.example:80/a",
        "http://harbour.example:8080/a?b=https://pier.example/",
        "https://harbour.example",
        "https://harbour.example\\@pier.example/",
        "https://reader@pier.example/",
        "https://harbour.example/a\nb",
        "http://0x7f.1/",
        "https://harbour..example/",
        f"https://harbour.example/{'a' * 70_000}",
        "mailto:desk@harbour.example",
    ],
)
def test_the_ledger_names_the_host_that_is_asked(url: str):
    try:
        asked = host_key(url)
    except FetchError:
        asked = None
    assert hosts.key(url) == asked
