"""One piece of work many times, on all cores, that ends at once when it is interrupted."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_all_cores(
    work: Callable[[Item], Result], items: Iterable[Item], workers: int | None = None
) -> Generator[Result, None, None]:
    """What `work` gives for each item, as it is done, each in one of some processes.

    Close it when it is left early: one that a traceback keeps alive lets the workers do all that is queued first.
    """
    with ProcessPoolExecutor(workers or len(os.sched_getaffinity(0)), initializer=_begin_worker) as pool:
        tasks = [pool.submit(work, item) for item in items]
        try:
            for task in as_completed(tasks):
                yield task.result()
        except BaseException:
            # Interrupted: what is queued cannot be cancelled, and nobody waits for its end.
            pool.shutdown(wait=False, cancel_futures=True)
            for worker in multiprocessing.active_children():
                worker.terminate()
            raise


def _begin_worker() -> None:
    """A worker ends when it is told to, at once; Ctrl-C is the parent's to hear."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
