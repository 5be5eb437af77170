import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from master.console.window_process import _keep, _kept


def test_a_new_window_speaks_as_the_last_one_did(tmp_path):
    file = tmp_path / "window.language"
    assert _kept(file) == ""
    _keep(file, "zh_CN")
    assert _kept(file) == "zh_CN"
    _keep(tmp_path / "nowhere" / "window.language", "en")


@pytest.mark.parametrize("content", [b"", b"xx", b"\xff\xfe", b"zh_CN\n" * 1000])
def test_what_is_no_language_is_none(tmp_path, content):
    file = tmp_path / "window.language"
    file.write_bytes(content)
    assert _kept(file) == ""
