"""The audit log's chain: whatever is done to a file, a reading of it tells, and torn lines are gone on from."""

import hashlib
import io
import json
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slave.audit_log import CLOSING, GENESIS, TORN, Chain, Happening, Moment, printable, verify

MOMENT = Moment("2031-05-06T07:08:09.000010Z", "0b6e2a3c-boot")
TEXTS = st.text(max_size=12)
HAPPENINGS = st.builds(
    Happening,
    st.integers(0, 2**62),
    TEXTS.filter(lambda what: what != TORN),
    TEXTS,
    TEXTS,
    st.integers(0, 2**40),
    st.dictionaries(TEXTS.filter(lambda name: name != "hash"), st.integers(0, 9) | TEXTS | st.booleans(), max_size=2),
)
SEVERAL = st.lists(HAPPENINGS, min_size=2, max_size=6)


def append(chain, happening):
    """One whole write."""
    line = chain.line(happening, MOMENT)
    chain.written(line, len(line))
    return line


def log(happenings):
    chain = Chain()
    return [append(chain, happening) for happening in happenings]


def check(content, noted=""):
    return verify(io.BytesIO(content), noted)


def reopened(content):
    chain = Chain()
    for line in io.BytesIO(content):
        chain.read(line)
    return chain


def gone_on(content, happening):
    """What a process that opens the file makes of it."""
    chain = reopened(content)
    if chain.torn:
        content += append(chain, chain.after_torn(1))
    return content + append(chain, happening)


@given(SEVERAL)
def test_what_was_written_is_whole_and_goes_on_in_order(happenings):
    lines = log(happenings)
    account = check(b"".join(lines))
    entries = [json.loads(line) for line in lines]
    assert account == (len(lines), entries[-1]["hash"], 0, 0, 0, 0, "")
    assert [entry["number"] for entry in entries] == list(range(1, len(lines) + 1))
    assert [entry["before"] for entry in entries] == [GENESIS, *(entry["hash"] for entry in entries[:-1])]
    for entry, happening in zip(entries, happenings, strict=True):
        assert (entry["what"], entry["who"]) == (printable(happening.what), printable(happening.who))
        assert (entry["monotonic_ns"], entry["count"]) == (happening.at_ns, happening.count)


def test_the_hash_is_that_of_the_line_without_it_as_the_documentation_says():
    (line,) = log([Happening(5, "stop", "supervisor", "FREEZE pressed", 1, {"stop_number": 3})])
    rest = re.sub(rb',"hash":"[0-9a-f]*"\}\n', b"}", line)
    assert json.loads(line)["hash"] == hashlib.sha256(rest).hexdigest()
    assert rest.startswith(b'{"number":1,"utc":"2031-05-06T07:08:09.000010Z","monotonic_ns":5,"boot":"0b6e2a3c-boot",')


@given(SEVERAL, st.data())
def test_any_changed_byte_is_found_and_its_line_named(happenings, data):
    lines = log(happenings)
    content = b"".join(lines)
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    account = check(bytes(changed))
    line = content[:at].count(b"\n") + 1
    assert account.bad_line == line
    assert account.entries == line - 1


@given(SEVERAL, st.data())
def test_any_removed_line_but_the_last_is_found(happenings, data):
    lines = log(happenings)
    gone = data.draw(st.integers(0, len(lines) - 2))
    account = check(b"".join(lines[:gone] + lines[gone + 1 :]))
    assert account.bad_line == gone + 1
    assert "removed" in account.bad


@given(SEVERAL, st.data())
def test_any_two_lines_that_changed_places_are_found(happenings, data):
    lines = log(happenings)
    first = data.draw(st.integers(0, len(lines) - 2))
    second = data.draw(st.integers(first + 1, len(lines) - 1))
    lines[first], lines[second] = lines[second], lines[first]
    assert check(b"".join(lines)).bad_line == first + 1


@given(SEVERAL, st.data())
def test_any_line_that_was_doubled_is_found(happenings, data):
    lines = log(happenings)
    which = data.draw(st.integers(0, len(lines) - 1))
    at = data.draw(st.integers(which + 1, len(lines)))
    assert check(b"".join([*lines[:at], lines[which], *lines[at:]])).bad_line == at + 1


@given(SEVERAL, st.binary(max_size=40), st.data())
def test_any_line_that_was_put_in_is_found(happenings, foreign, data):
    lines = log(happenings)
    at = data.draw(st.integers(0, len(lines) - 1))
    foreign = data.draw(st.sampled_from([foreign, lines[0][: len(foreign)] + CLOSING.rstrip()]))
    account = check(b"".join([*lines[:at], foreign + b"\n", *lines[at:]]))
    assert account.bad_line == at + 1


@given(SEVERAL, HAPPENINGS, st.data())
def test_an_entry_of_another_log_is_found_though_it_is_whole_and_has_the_right_number(happenings, other, data):
    lines = log(happenings)
    at = data.draw(st.integers(1, len(lines) - 1))
    others = log([Happening(0, "other", "", ""), *happenings[1:at], other])
    account = check(b"".join([*lines[:at], others[at], *lines[at + 1 :]]))
    assert account.bad_line == at + 1
    assert "go on" in account.bad


@given(SEVERAL, st.data())
def test_a_file_cut_anywhere_is_no_falsification_but_torn_or_shorter(happenings, data):
    lines = log(happenings)
    content = b"".join(lines)
    at = data.draw(st.integers(0, len(content)))
    account = check(content[:at])
    assert account.bad == ""
    whole = content[:at].count(b"\n")
    assert account.entries in (whole, whole + 1)
    unended = account.entries == whole + 1
    assert not unended or content[at : at + 1] == b"\n"
    heads = [GENESIS, *(json.loads(line)["hash"] for line in lines)]
    assert account.head == heads[account.entries]
    assert bool(account.torn_bytes) == (content[:at] != b"".join(lines[:whole]) and not unended)


@given(SEVERAL, st.data(), HAPPENINGS)
def test_a_file_cut_anywhere_is_gone_on_from_and_cut_again_and_every_byte_is_still_guarded(happenings, data, more):
    content = b"".join(log(happenings))
    cut = data.draw(st.lists(st.integers(0, 700), min_size=1, max_size=4))
    for size in cut:
        content = gone_on(content[: max(0, len(content) - size)], more)
    account = check(content)
    assert account.bad == ""
    assert account.torn_bytes == 0
    at = data.draw(st.integers(0, len(content) - 1))
    changed = bytearray(content)
    changed[at] ^= data.draw(st.integers(1, 255))
    assert check(bytes(changed)).bad_line > 0


@given(SEVERAL, st.lists(st.tuples(st.integers(0, 2000), HAPPENINGS), min_size=1, max_size=8))
def test_writes_that_are_cut_short_leave_the_writer_where_a_reader_of_the_file_would_be(happenings, writes):
    content = b"".join(log(happenings))
    chain = reopened(content)
    for size, happening in writes:
        line = chain.line(chain.after_torn(3) if chain.torn else happening, MOMENT)
        content += line[:size]
        chain.written(line, min(size, len(line)))
        anew = reopened(content)
        assert (chain.number, chain.head, chain.torn) == (anew.number, anew.head, anew.torn)
        assert chain.unended == anew.unended
    assert check(content).bad == ""


def test_a_line_that_was_torn_at_once_and_whose_closing_was_torn_too_is_gone_on_from():
    whole = b"".join(log([Happening(0, "a", "", "")]))
    for torn in (b"{", b"{#", b"{##to", b'{"n#tor', b'{"n#torn\n{', b'{"n#torn\n{#'):
        assert check(whole + torn)[3:] == (0, len(torn), 0, "")
        content = gone_on(whole + torn, Happening(0, "b", "", ""))
        assert check(content)[3:] == (1, 0, 0, "")


def test_a_write_that_lost_only_its_newline_is_an_entry():
    content = b"".join(log([Happening(0, "a", "", ""), Happening(0, "b", "", "")]))[:-1]
    assert check(content)[:2] == (2, json.loads(content.splitlines()[-1])["hash"])
    assert check(gone_on(content, Happening(0, "c", "", ""))).entries == 3


def test_a_hole_that_the_loss_of_power_left_is_torn_with_or_without_its_newline():
    whole = b"".join(log([Happening(0, "a", "", "")]))
    for hole in (b"\0" * 4096, b"\0" * 96 + b'rest"}\n', b'{"number":2,' + b"\0" * 96):
        account = check(whole + hole)
        assert (account.bad, account.torn_bytes, account.entries) == ("", len(hole), 1)
        content = gone_on(whole + hole, Happening(0, "b", "", ""))
        assert check(content)[2:] == (0, 1, 0, 0, "")


def test_a_torn_line_does_not_copy_all_that_were_found_before_it():
    """Counted by what is allocated, not by time."""
    chain, copies = Chain(), 0
    for _ in range(20_000):
        chain.read(b"\0\0\n")
    tracemalloc.start()
    for _ in range(100):
        tracemalloc.reset_peak()
        chain.read(b"\0\0\n")
        copies += tracemalloc.get_traced_memory()[1] - tracemalloc.get_traced_memory()[0] > 30_000
    tracemalloc.stop()
    assert len(chain.torn) == 3 * 20_100
    assert copies <= 5


def test_a_last_line_of_which_one_byte_became_zero_is_no_hole_but_changed():
    lines = log([Happening(0, "a", "", ""), Happening(0, "b", "", "")])
    assert check(lines[0] + lines[1].replace(b'"b"', b'"\0"')).bad_line == 2


def test_a_torn_line_in_the_middle_that_no_entry_tells_of_is_a_falsification():
    lines = log([Happening(0, "a", "", ""), Happening(0, "b", "", "")])
    account = check(lines[0] + lines[1][:30] + CLOSING + lines[1])
    assert account.bad_line == 2
    assert "does not tell of it" in account.bad


def test_a_torn_line_that_was_told_of_can_not_be_taken_out_or_made_another():
    content = b"".join(log([Happening(0, "a", "", "")]))
    torn = b'{"number":2,"utc":"20'
    content = gone_on(content + torn, Happening(0, "b", "", ""))
    assert check(content).bad == ""
    assert "none before it" in check(content.replace(torn + CLOSING, b"")).bad
    assert check(content.replace(torn, torn + b"9", 1)).bad_line == 2


def test_a_tail_that_was_cut_off_is_told_by_a_head_that_was_noted_elsewhere():
    lines = log([Happening(0, name, "", "") for name in "abcd"])
    head = json.loads(lines[2])["hash"]
    assert check(b"".join(lines), head).noted_at == 3
    assert check(b"".join(lines[:3]), head).noted_at == 3
    account = check(b"".join(lines[:2]), head)
    assert (account.bad, account.noted_at) == ("", 0)


def test_an_empty_file_is_a_log_without_entries():
    assert check(b"") == (0, GENESIS, 0, 0, 0, 0, "")


@pytest.mark.parametrize("content", [b"hello\n", b"hello", b"{}\n", b"\n", b"\xff\xfe" * 40, b'{"number":1}\n'])
def test_what_is_no_log_of_ours_is_told_so(content):
    assert check(content).bad_line == 1


def test_a_name_that_would_paint_on_a_terminal_is_written_harmlessly():
    (line,) = log([Happening(0, "session opened", "theatre\x1b[2J\u202e\x9b1m\n", "\udc80 Ürümqi 手")])
    entry = json.loads(line)
    assert entry["who"] == "theatre\\x1b[2J\\u202e\\x9b1m\\n"
    assert entry["why"] == "\\udc80 Ürümqi 手"
    assert check(line).entries == 1


def test_a_log_is_a_line_an_entry_that_other_programs_read():
    lines = log([Happening(0, "stop", 'a "quoted" name', "ünïcode \\ and \n newline", 7, {"number": 3, "on": True})])
    entry = json.loads(b"".join(lines))
    assert list(entry) == [
        "number",
        "utc",
        "monotonic_ns",
        "boot",
        "what",
        "who",
        "why",
        "count",
        "details",
        "before",
        "hash",
    ]
    assert entry["details"] == {"number": 3, "on": True}
    assert entry["count"] == 7
