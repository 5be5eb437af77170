import pytest

from protocol.echo import loop_age


def test_the_loop_is_as_old_as_its_older_part():
    age = loop_age(1000, received_ns=900, shown_ns=700)
    assert age is not None
    assert (age.link_ns, age.seen_ns, age.loop_ns) == (100, 300, 300)


@pytest.mark.parametrize(("received_ns", "shown_ns"), [(0, 0), (900, 0), (0, 900), (1001, 900), (900, 1001), (-5, 900)])
def test_missing_echoes_and_stamps_from_the_future_give_no_age(received_ns, shown_ns):
    assert loop_age(1000, received_ns, shown_ns) is None
