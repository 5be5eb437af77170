"""For packages of tests that draw: where windows cannot be drawn, they are skipped with the reason."""

import pytest

from protocol import desktop


def need_windows() -> None:
    """Skip the whole package that calls this from its `__init__`."""
    missing = desktop.missing_libraries()
    if missing:
        pytest.skip(f"no windows here: this system lacks {', '.join(missing)}", allow_module_level=True)
