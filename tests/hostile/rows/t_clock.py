"""T: clocks that are wrong, or jump."""

from __future__ import annotations

from tests.hostile.row import Chapter

chapter = Chapter("T", "clock", 4)

chapter.held(
    "T1", "the wall clock is set by a day: no storm, no silence",
    "tests/cadence/test_catchup.py::test_a_due_time_that_a_clock_ahead_has_written_is_not_believed",
    "tests/cadence/test_catchup.py::test_a_due_time_from_before_the_clock_jumped_ahead_is_just_overdue",
    "tests/cadence/test_poll.py::test_a_clock_that_was_set_back_by_a_day_neither_stops_nor_hurries_the_polls",
    "tests/store/test_hosts.py::test_due_times_that_a_wrong_clock_wrote_are_mended",
)  # fmt: skip
chapter.held(
    "T2", "summer time begins and ends: hours are hours",
    "tests/cadence/test_poll.py::test_hours_are_hours_when_the_clocks_change",
    "tests/cadence/test_poll.py::test_skipped_hours_are_hours_of_utc_whatever_the_zone_of_now",
)  # fmt: skip
chapter.held(
    "T3", "eight hours asleep: one catch-up, spread out",
    "tests/cadence/test_catchup.py::test_nothing_bursts_after_a_night_asleep",
    "tests/store/test_hosts.py::test_what_came_due_while_nobody_looked_is_spread",
)  # fmt: skip
chapter.held(
    "T4", "workers' clocks are five minutes apart: the database's decides",
    "tests/cadence/test_catchup.py::test_clocks_of_two_workers_five_minutes_apart_mean_nothing",
    "tests/pipeline/test_leases.py::test_a_clock_that_is_set_says_by_how_much_it_was_wrong",
    "tests/store/test_hosts.py::test_the_databases_clock_is_near_this_machines",
)  # fmt: skip
