"""Local targets may have other lengths; what the law or the guidance says, never."""

from datetime import date

import pytest

from deadlines.rules import check_local_targets, rule_in_force
from offer.timescales import TIMESCALES


def test_a_local_target_has_the_length_of_the_setting(settings):
    settings.LOCAL_TARGETS = {"TG-MANAGER": 3}
    rule = rule_in_force("TG-MANAGER")
    assert rule.due(date(2026, 11, 27)).limit == date(2026, 12, 2)
    assert rule.version == "1, local setting 3 working days"
    assert rule_in_force("TG-CPM") is TIMESCALES["TG-CPM"]


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"TS-12": 30}, "TS-12 is set by"),  # statute
        ({"TS-03": 50}, "TS-03 is set by"),  # statutory guidance
        ({"TS-02": 24}, "only proposed local targets"),  # a procedure of the partnership
        ({"RV-HIGH": 200}, "may not be longer than 3"),
        ({"TG-CPM": -1}, "before its event"),
        ({"TG-CPM": "5"}, "whole number"),
        ({"TG-CPM": True}, "whole number"),
        ({"TG-NEW": 5}, "no rule"),
    ],
)
def test_a_setting_that_cannot_be_stops_the_program(settings, targets, words):
    settings.LOCAL_TARGETS = targets
    with pytest.raises(ValueError, match=words):
        check_local_targets()
