import resource

import pytest

from protocol import realtime


@pytest.fixture
def limits():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_open_files_are_allowed_up_to_what_the_host_grants_and_never_fewer_than_before(limits):
    _, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (512, hard))
    realtime.allow_files(600)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)
    realtime.allow_files(550)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (600, hard)
    realtime.allow_files(2**40)
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
