"""Sentences before they are in a language: English as written in the code, and the values that belong into it. Pure.

A sentence is made where something is known and said where it is shown, so that it can be said anew in another language.
"""

from collections.abc import Callable
from typing import NamedTuple, Union

CONTEXT = "Sentence"
"""Of all sentences, in the files of translations."""

Value = Union[str, "Sentence"]
Translate = Callable[[str], str]


class Sentence(NamedTuple):
    """`source` is English with `{names}`; `values` fill them, and may be sentences themselves."""

    source: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def english(self) -> str:
        """As it is without any translation."""
        return render(self, str)


def sentence(source: str, **values: Value) -> Sentence:
    """A sentence of this source. A test finds each by this call, and asks for its translation."""
    return Sentence(source, tuple(values.items()))


def mark(source: str) -> str:
    """A source that a table holds, to be made a sentence later: so that the test finds it as well."""
    return source


def literal(text: str) -> Sentence:
    """What is shown as it is in every language: names, numbers, and words that nobody could translate."""
    return Sentence("{text}", (("text", text),))


def render(what: Sentence, translate: Translate) -> str:
    """The sentence in the language that `translate` speaks. A translation that names no known value falls back."""
    values = {name: render(each, translate) if isinstance(each, Sentence) else each for name, each in what.values}
    try:
        return translate(what.source).format(**values)
    except (KeyError, IndexError, ValueError):
        return what.source.format(**values)
