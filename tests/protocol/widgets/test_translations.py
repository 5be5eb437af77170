"""Every word that a window says has its Chinese, finished, with the same values in it."""

from pathlib import Path

import pytest

from protocol.widgets.ts_file import FOLDERS, TsError, read_language, read_ts
from tests.translations import LANGUAGES, Found, Key, faults, find, renew, said
from tests.tree import plant

CODE = """
class Dial:
    def retranslate(self):
        self.setText(self.tr("Turn {angle}"))
        say(sentence("no power"))
"""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_word_of_a_window_is_translated(folder: str, language: str) -> None:
    assert faults(folder, language) == []


def test_much_is_said() -> None:
    assert len(said("protocol/widgets")) > 100
    assert len(read_language("zh_CN")) > 100


def test_sources_are_found_with_who_says_them(tmp_path: Path) -> None:
    plant(tmp_path, "slave/panel/a.py", CODE)
    found = list(find(tmp_path / "slave/panel/a.py", tmp_path))
    assert found == [
        Found("slave/panel/a.py:4", Key("Dial", "Turn {angle}")),
        Found("slave/panel/a.py:5", Key("Sentence", "no power")),
    ]


def test_a_source_without_translation_is_a_fault_until_somebody_finishes_it(tmp_path: Path) -> None:
    plant(tmp_path, "slave/panel/a.py", CODE)
    assert len(faults("slave/panel", "zh_CN", tmp_path)) == 2
    assert renew("slave/panel", "zh_CN", tmp_path) == 2
    assert len(faults("slave/panel", "zh_CN", tmp_path)) == 2
    translate(tmp_path, {"Turn {angle}": "转动 {angle}", "no power": "无电"})
    assert faults("slave/panel", "zh_CN", tmp_path) == []
    assert renew("slave/panel", "zh_CN", tmp_path) == 0
    assert faults("slave/panel", "zh_CN", tmp_path) == []


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        ({"Turn {angle}": "转动 {winkel}", "no power": "无电"}, "other values"),
        ({"Turn {angle}": "Turn {angle}", "no power": "无电"}, "no Chinese"),
    ],
)
def test_a_wrong_translation_is_a_fault(tmp_path: Path, texts: dict[str, str], says: str) -> None:
    plant(tmp_path, "slave/panel/a.py", CODE)
    renew("slave/panel", "zh_CN", tmp_path)
    translate(tmp_path, texts)
    assert says in " ".join(faults("slave/panel", "zh_CN", tmp_path))


def test_a_translation_of_what_nothing_says_is_a_fault(tmp_path: Path) -> None:
    plant(tmp_path, "slave/panel/a.py", CODE)
    renew("slave/panel", "zh_CN", tmp_path)
    translate(tmp_path, {"Turn {angle}": "转动 {angle}", "no power": "无电"})
    plant(tmp_path, "slave/panel/a.py", CODE.replace('say(sentence("no power"))', "pass"))
    assert "nothing says 'no power'" in " ".join(faults("slave/panel", "zh_CN", tmp_path))


def test_a_text_that_is_put_together_is_a_fault(tmp_path: Path) -> None:
    plant(tmp_path, "slave/panel/a.py", 'class A:\n    def f(self, x):\n        return self.tr(f"Turn {x}")\n')
    assert "plain text" in " ".join(faults("slave/panel", "zh_CN", tmp_path))


def test_what_the_widgets_say_need_not_be_translated_again(tmp_path: Path) -> None:
    plant(tmp_path, "slave/panel/a.py", 'f(sentence("no power"))\n')
    plant(tmp_path, "protocol/widgets/b.py", 'f(sentence("no power"))\n')
    renew("protocol/widgets", "zh_CN", tmp_path)
    translate(tmp_path, {"no power": "无电"}, "protocol/widgets")
    assert faults("slave/panel", "zh_CN", tmp_path) == []
    assert renew("slave/panel", "zh_CN", tmp_path) == 0


def test_a_broken_file_is_told_by_its_name(tmp_path: Path) -> None:
    plant(tmp_path, "zh_CN.ts", "<TS>")
    with pytest.raises(TsError, match=r"zh_CN\.ts"):
        read_ts(tmp_path / "zh_CN.ts")


def translate(root: Path, texts: dict[str, str], folder: str = "slave/panel") -> None:
    path = root / folder / "zh_CN.ts"
    content = path.read_text(encoding="utf-8")
    for source, text in texts.items():
        head = f"<source>{source}</source>\n"
        content = content.replace(
            f'{head}<translation type="unfinished" />', f"{head}<translation>{text}</translation>"
        )
    path.write_text(content, encoding="utf-8")
