from tests.windows import need_windows

need_windows()
