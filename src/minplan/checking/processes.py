"""The steps of an inspection in several processes, so that a large submission uses all cores."""

from __future__ import annotations

import logging
import multiprocessing
import os
import pickle
import signal
import time
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Final

import minplan.core.quality.checks  # noqa: F401  (each process has the same registry)
from minplan.core.quality.shelf import Shelf
from minplan.core.quality.steps import Inspector, Outcome, Runner, Step, Tally, one_by_one
from minplan.core.quality.submission import Submission

_LOG: Final = logging.getLogger(__name__)

#: Features from which the start of further processes, a few seconds, is worth it.
LARGE: Final = 20_000
#: More processes gain little: the longest single check sets the pace, and each takes memory.
_MOST: Final = 4
#: Seconds after which a waiting inspection looks whether it was cancelled.
_BEAT: Final = 0.3


def runner_for(submission: Submission, workers: int | None = None) -> Runner:
    """How to make the steps: in ``workers`` processes, by default as many as suit.

    Small submissions are checked in this process.
    """
    if workers is None:
        features = sum(item.count for item in submission.layers)
        workers = min(_cores(), _MOST) if features >= LARGE else 1
    return in_processes(workers) if workers > 1 else one_by_one


def _cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_processes(workers: int) -> Runner:
    """A runner that shares the steps out to processes, each with the submission opened anew.

    Steps that are left when a process dies (of want of memory) are made here.
    """

    def run(inspector: Inspector, steps: Sequence[Step]) -> Generator[Outcome, None, None]:
        done: set[int] = set()
        try:
            with _pool(inspector, steps, workers) as pool:
                for outcome in _gathered(pool, len(steps)):
                    if outcome is not None:
                        done.add(outcome[0])
                    yield outcome
        except BrokenProcessPool:
            _LOG.warning("a process that made checks died; the rest is made in one process")
        for number, step in enumerate(steps):
            if number not in done:
                yield number, inspector.run(step)

    return run


def _gathered(pool: ProcessPoolExecutor, count: int) -> Generator[Outcome, None, None]:
    waiting: set[Future[tuple[int, list[Tally]]]] = {
        pool.submit(_make, number) for number in range(count)
    }
    while waiting:
        ready, waiting = wait(waiting, timeout=_BEAT, return_when=FIRST_COMPLETED)
        for item in ready:
            yield item.result()
        if not ready:
            yield None


@contextmanager
def _pool(
    inspector: Inspector, steps: Sequence[Step], workers: int
) -> Generator[ProcessPoolExecutor, None, None]:
    """Processes that end with the block, at once where it is left early."""
    told = pickle.dumps((inspector.submission, inspector.limit, tuple(steps)))
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (told,))
    try:
        yield pool
    except BaseException:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


# -- in each process ------------------------------------------------------------------------------

_work: tuple[Inspector, tuple[Step, ...]] | None = None


def _begin(told: bytes) -> None:
    global _work  # noqa: PLW0603  (what a process is given once)
    # an interrupt of the keyboard reaches the whole group: the process that asked ends the others
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    submission, limit, steps = pickle.loads(told)
    _work = Inspector(submission, limit, time.perf_counter, Shelf()), steps


def _make(number: int) -> tuple[int, list[Tally]]:
    assert _work is not None
    inspector, steps = _work
    return number, inspector.run(steps[number])
