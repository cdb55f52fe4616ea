"""Python's collector of cyclic rubbish, kept from work that makes thousands of objects and no rubbish."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def resting() -> Iterator[None]:
    """The collector does not run, in any thread, until the block is left; one that was off stays off.

    It runs when so many objects more were made than freed, and looks through them, and now and then through all that
    the process has.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
