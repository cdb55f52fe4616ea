"""The box: untrusted bytes are parsed where a hang, a crash or a memory bomb costs one outcome and nothing else.

    page ─► look ─► harmless: parsed here
                ├─► long: parsed in a thread
                └─► suspicious: job ─► slot ─► pipe ─► keeper ─► worker (may die)

See docs/decisions/0006-the-box.md.
"""

from ingest.box.box import DEADLINE, DEATHS, MEMORY, Box

__all__ = ["DEADLINE", "DEATHS", "MEMORY", "Box"]
