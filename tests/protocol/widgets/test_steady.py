import gc

from protocol.widgets.steady import settle


def test_what_there_is_is_looked_at_no_more_and_what_comes_later_is_collected():
    before = [[] for _ in range(1000)]
    try:
        settle()
        assert gc.get_freeze_count() >= len(before)
        assert gc.isenabled()
        ring = []
        ring.append(ring)
        del ring
        assert gc.collect() >= 1
    finally:
        gc.unfreeze()
