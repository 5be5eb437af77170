"""A display in memory (Xvfb), for windows where no screen is: tests and pictures. Mesa draws OpenGL, in software."""

import ctypes
import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.children import ChildError
from protocol.desktop import DISPLAY

WIDTH, HEIGHT = 3840, 2160
"""Large enough for the largest window of ours; smaller ones stand in a corner of it."""
ANSWER_LIMIT_S = 30.0
PR_SET_PDEATHSIG = 1


@contextmanager
def virtual_display(width: int = WIDTH, height: int = HEIGHT) -> Iterator[str]:
    """The name of a new display, such as ":3", until the end of the block. Raises ChildError.

    It tells Qt 96 dots per inch whatever it is asked for: FARHAND_DPI says what it stands for.
    """
    program = shutil.which("Xvfb")
    if program is None:
        raise ChildError(f"Xvfb is missing: a display in memory needs it; as root: apt-get install {DISPLAY}")
    reads, writes = os.pipe()
    screen = f"{width}x{height}x24"
    options = ["-screen", "0", screen, "-nolisten", "tcp", "-noreset", "+extension", "GLX"]
    with tempfile.TemporaryFile() as told:
        server = subprocess.Popen(
            [program, "-displayfd", str(writes), *options],
            pass_fds=(writes,),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  (it calls nothing that a thread could hold locked)  # noqa: PLW1509  (it calls nothing that a thread could hold locked)
        )
        os.close(writes)
        try:
            number = _answer(reads)
            if not number:
                told.seek(0)
                why = told.read().decode(errors="replace").strip() or f"no answer within {ANSWER_LIMIT_S:.0f} s"
                raise ChildError(f"Xvfb did not start: {why}")
            yield f":{number}"
        finally:
            os.close(reads)
            server.terminate()
            try:
                server.wait(ANSWER_LIMIT_S)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def environment_on(display: str) -> dict[str, str]:
    """What a process needs in its environment to open its windows there, whatever this one's own desktop is."""
    others = {name: value for name, value in os.environ.items() if name not in ("WAYLAND_DISPLAY", "XAUTHORITY")}
    return {
        **others,
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "GALLIUM_DRIVER": "llvmpipe",
    }


def _answer(reads: int) -> str:
    if not select.select([reads], [], [], ANSWER_LIMIT_S)[0]:
        return ""
    return os.read(reads, 16).decode().strip()


def _end_with_parent() -> None:
    """A test run that is killed ends nothing in order; the display must not outlive it."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
