"""The catalogue of hostile inputs, a file per letter: what is done to us, and what must come of it."""

from __future__ import annotations

from tests.hostile.row import Chapter, Row
from tests.hostile.rows import (
    a_dashboard,
    c_charsets,
    d_database,
    f_feeds,
    g_configuration,
    h_http,
    m_markup,
    n_network,
    p_process,
    t_clock,
    u_addresses,
)

CHAPTERS: tuple[Chapter, ...] = tuple(
    module.chapter
    for module in (n_network, h_http, f_feeds, m_markup, u_addresses, c_charsets, d_database, t_clock, p_process,
                   g_configuration, a_dashboard)
)  # fmt: skip
ROWS: tuple[Row, ...] = tuple(row for chapter in CHAPTERS for row in chapter.rows)
