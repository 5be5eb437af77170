from protocol.widgets.sentence import Sentence, literal, render, sentence

GERMAN = {"frozen for {time}: {cause}": "seit {time} still: {cause}", "no command": "kein Befehl"}


def in_german(source: str) -> str:
    return GERMAN.get(source, source)


def test_a_sentence_within_a_sentence_is_translated_too() -> None:
    whole = sentence("frozen for {time}: {cause}", time="3 s", cause=sentence("no command"))
    assert whole.english == "frozen for 3 s: no command"
    assert render(whole, in_german) == "seit 3 s still: kein Befehl"


def test_what_stands_in_a_value_is_never_taken_for_a_value_itself() -> None:
    assert literal("{time} {0} {").english == "{time} {0} {"


def test_a_translation_with_other_values_falls_back_to_english() -> None:
    what = sentence("no command for {age}", age="250 ms")
    assert render(what, lambda _source: "{nothing}") == "no command for 250 ms"
    assert render(what, lambda _source: "{") == "no command for 250 ms"


def test_equal_sentences_are_equal() -> None:
    assert sentence("a {b}", b="c") == Sentence("a {b}", (("b", "c"),))
