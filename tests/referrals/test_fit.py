"""Which services take a child now: age, tier, pause and end, each with its sentence."""

from datetime import date

import pytest
from django.utils import timezone

from offer.levels import Tier
from referrals.fit import ages, closed, not_checked_since, outside, outside_age, outside_tier, tier_called
from referrals.models import Service

TODAY = date(2026, 11, 27)


def service(**about) -> Service:
    return Service(**{"name": "Steps", "lowest_tier": "medium", **about})


@pytest.mark.parametrize(
    ("youngest", "oldest", "age", "fits"),
    [(None, None, 3, True), (8, 18, 7, False), (8, 18, 8, True), (8, 18, 18, True), (8, 18, 19, False),
     (17, None, 16, False), (17, None, 17, True), (None, 12, 13, False), (None, 12, 12, True), (8, 18, None, True)],
)  # fmt: skip
def test_ages_are_inclusive_and_an_unknown_age_fits(youngest, oldest, age, fits):
    assert (outside_age(service(youngest=youngest, oldest=oldest), age) == "") is fits


@pytest.mark.parametrize(
    ("lowest", "tier", "fits"),
    [("low", Tier.LOW, True), ("medium", Tier.LOW, False), ("medium", Tier.MEDIUM, True), ("medium", Tier.HIGH, True),
     ("high", Tier.MEDIUM, False), ("high", Tier.HIGH, True), ("high", None, True)],
)  # fmt: skip
def test_tiers_are_cumulative(lowest, tier, fits):
    """BR-03: what is offered from medium is offered at high too."""
    assert (outside_tier(service(lowest_tier=lowest), tier) == "") is fits


def test_what_does_not_fit_is_said_in_words():
    assert outside(service(youngest=8, oldest=18), 6, Tier.LOW) == (
        "Steps is for ages 8 to 18; the child is 6.",
        "Steps is offered from Medium; the child’s tier is Low.",
    )


def test_a_pause_counts_its_last_day_and_says_until_when_and_why():
    paused = service(paused_until=TODAY, pause_reason="No places before the new year.")
    assert "until 27 November 2026: No places before the new year." in closed(paused, TODAY)
    assert closed(paused, date(2026, 11, 28)) == ""


def test_an_ended_service_is_closed():
    assert "has ended" in closed(service(ended_at=timezone.now()), TODAY)


@pytest.mark.parametrize(
    ("youngest", "oldest", "words"),
    [(None, None, "any age"), (8, None, "from 8"), (None, 18, "up to 18"), (8, 18, "8 to 18")],
)
def test_ages_in_words(youngest, oldest, words):
    assert ages(service(youngest=youngest, oldest=oldest)) == words


@pytest.mark.parametrize(
    ("today", "since"),
    [(date(2026, 11, 27), date(2026, 5, 27)), (date(2026, 8, 31), date(2026, 2, 28)),
     (date(2026, 6, 1), date(2025, 12, 1)), (date(2026, 1, 15), date(2025, 7, 15)),
     (date(2026, 7, 5), date(2026, 1, 5))],
)  # fmt: skip
def test_six_months_before(today, since):
    assert not_checked_since(today) == since


def test_no_current_concern_is_no_tier():
    assert (tier_called("none"), tier_called(""), tier_called("high")) == (None, None, Tier.HIGH)
