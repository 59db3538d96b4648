"""What is not found is answered after a whole step of time, however long it took; what is found, at once."""

from unittest.mock import patch

import pytest
from django.http import HttpResponse

from access.middleware import NotFoundInEqualTime


def waited(status: int, took: float) -> float:
    """How long the answer was kept back, in seconds, after it took so long to make."""
    clock = iter([50.0, 50.0 + took])
    with (
        patch("access.middleware.time.monotonic", lambda: next(clock)),
        patch("access.middleware.time.sleep") as sleep,
    ):
        NotFoundInEqualTime(lambda request: HttpResponse(status=status))(None)
    return sum(call.args[0] for call in sleep.call_args_list)


@pytest.mark.parametrize(("took", "in_all"), [(0.011, 0.1), (0.0125, 0.1), (0.099, 0.1), (0.1, 0.2), (0.15, 0.2)])
def test_not_found_waits_for_the_next_step(settings, took, in_all):
    settings.NOT_FOUND_MILLISECONDS = 100
    assert took + waited(404, took) == pytest.approx(in_all, abs=1e-6)


@pytest.mark.parametrize("status", [200, 302, 403, 409, 503])
def test_whatever_else_is_answered_at_once(settings, status):
    settings.NOT_FOUND_MILLISECONDS = 100
    assert waited(status, 0.02) == 0


def test_it_is_the_outermost_so_that_nothing_comes_after_it(settings):
    assert settings.MIDDLEWARE[0] == "access.middleware.NotFoundInEqualTime"
