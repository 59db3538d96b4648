"""What the answers suggest: a truth table over the rule and its rulings."""

from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offer.tiers import (
    INSUFFICIENT_INFORMATION,
    NO_CURRENT_CONCERN,
    Answer,
    Answered,
    Thresholds,
    Tier,
    Weight,
    strategy_discussion_now,
    suggest,
)

# The weights of the 61 indicators, typed from the domain text
STAR = """
A02 A06 B01 B07 C01 C02 C03 D01 D02 D03 D04 D05 K02 K04
"""
DIAMOND = """
A01 A03 A04 B02 B03 B04 C04 C05 C06 D06 D07 D08 E01 E02 F01 F03 G01 G02 G03 K01 K03 K05 K06
"""
PLAIN = """
A05 A07 B05 B06 B08 C07 C08 D09 D10 E03 E04 E05 F02 F04 F05 F06 G04 G05 G06 J01 J02 J03 J04 K07
"""
WEIGHTS = {
    **dict.fromkeys(STAR.split(), Weight.CRITICAL),
    **dict.fromkeys(DIAMOND.split(), Weight.SIGNIFICANT),
    **dict.fromkeys(PLAIN.split(), Weight.PLAIN),
}
ANSWERS = {"c": Answer.CURRENT, "s": Answer.SUSPECTED, "h": Answer.HISTORIC, "?": Answer.NOT_KNOWN, "-": Answer.NONE}
HIGH, MEDIUM, LOW = "High", "Medium", "Low"


def answered(code, answer, weight=None):
    return Answered(code, code[0], weight or WEIGHTS.get(code, Weight.PLAIN), answer)


def form(text):
    """A whole form answered NONE, but for "D02:s F02:c"."""
    given_answers = dict(entry.split(":") for entry in text.split())
    codes = sorted({*WEIGHTS, *given_answers})
    return [answered(code, ANSWERS[given_answers.get(code, "-")]) for code in codes]


def test_the_form_has_61_indicators():
    assert len(WEIGHTS) == 61


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        pytest.param("D01:c", HIGH, id="one critical current"),
        pytest.param("D01:c A02:c F02:c", HIGH, id="critical current among others"),
        pytest.param("D01:s C01:s", HIGH, id="two critical suspected"),
        pytest.param("D01:s C01:s D05:s", HIGH, id="three critical suspected"),
        pytest.param("D01:s", MEDIUM, id="one critical suspected"),
        pytest.param("D01:s C01:h", MEDIUM, id="one critical suspected and one historic"),
        pytest.param("B02:c", MEDIUM, id="one significant current"),
        pytest.param("B02:s", LOW, id="one significant suspected"),
        pytest.param("B02:s A01:s", LOW, id="two significant suspected"),
        pytest.param("B02:s A01:s E01:s", MEDIUM, id="three significant suspected"),
        pytest.param("F02:c E04:s A07:c", MEDIUM, id="three plain current or suspected"),
        pytest.param("F02:c E04:s", LOW, id="two plain current or suspected"),
        pytest.param("F02:c", LOW, id="one plain current"),
        pytest.param("F02:s", LOW, id="one plain suspected"),
        pytest.param("F02:h E04:h A07:h", NO_CURRENT_CONCERN, id="plain historic only"),
        pytest.param("B02:h A01:h", NO_CURRENT_CONCERN, id="significant historic only"),
        pytest.param("D01:h", LOW, id="a historic critical is at least Low"),
        pytest.param("D01:h C01:h D05:h", LOW, id="three historic critical are Low"),
        pytest.param("D01:h F02:c E04:c", LOW, id="historic does not count among the three"),
        pytest.param("", NO_CURRENT_CONCERN, id="everything none"),
        pytest.param("F02:? B02:?", NO_CURRENT_CONCERN, id="only lesser items not known"),
        pytest.param("D01:?", INSUFFICIENT_INFORMATION, id="a critical not known and nothing else"),
        pytest.param("D01:? F02:h", INSUFFICIENT_INFORMATION, id="a historic plain item decides nothing"),
        pytest.param("D01:? C01:c", HIGH, id="High decides although another critical is not known"),
        pytest.param("D01:? B02:c", MEDIUM, id="Medium decides although a critical is not known"),
        pytest.param("D01:? F02:c", LOW, id="Low decides although a critical is not known"),
        pytest.param("D01:? C01:h", LOW, id="a historic critical decides although another is not known"),
        pytest.param("G01:c", LOW, id="G alone: a significant current is Low"),
        pytest.param("G01:c G02:c G03:c", LOW, id="G alone: three current are Low"),
        pytest.param("J01:c J02:c J03:c J04:c", LOW, id="J alone is Low"),
        pytest.param("G01:c G02:s J01:c J02:c", LOW, id="G and J together are Low"),
        pytest.param("G04:c G05:c F02:c", MEDIUM, id="G beside another indicator counts"),
        pytest.param("G01:c F02:s", MEDIUM, id="a significant G beside another indicator counts"),
        pytest.param("G01:c F02:h", LOW, id="a historic indicator beside G does not lift it"),
        pytest.param("J01:c J02:c B02:s", MEDIUM, id="J beside another indicator counts"),
        pytest.param("V01:c V02:c V03:c V04:c", NO_CURRENT_CONCERN, id="vulnerabilities are no evidence"),
        pytest.param("N01:c N03:c N10:c", NO_CURRENT_CONCERN, id="history and context are no evidence"),
        pytest.param("F02:c V01:c V02:c N03:c", LOW, id="vulnerabilities do not count among the three"),
        pytest.param("G01:c V01:c N03:c", LOW, id="vulnerabilities do not stand beside G"),
        pytest.param("K02:c", LOW, id="K02 by itself never above Low"),
        pytest.param("K04:c", LOW, id="K04 by itself never above Low"),
        pytest.param("K02:s K04:s", LOW, id="K02 and K04 suspected are not two critical suspected"),
        pytest.param("K02:c K04:c F02:c", LOW, id="K02 and K04 do not count among the three"),
        pytest.param("K02:h", LOW, id="K02 historic is at least Low"),
        pytest.param("K04:s D01:s", MEDIUM, id="K04 does not make a second critical suspected"),
        pytest.param("K02:c D01:c", HIGH, id="K02 does not hide a critical current"),
        pytest.param("K02:c B02:c", MEDIUM, id="K02 does not hide a significant current"),
        pytest.param("K02:? ", INSUFFICIENT_INFORMATION, id="K02 not known"),
        pytest.param("K03:c", MEDIUM, id="K03 is an ordinary significant item"),
        pytest.param("F02:c E04:s V05:-", LOW, id="case A: Amira"),
        pytest.param("B02:c E01:c D02:s", MEDIUM, id="case B: Kofi"),
        pytest.param("B02:c", MEDIUM, id="case F: Callum"),
    ],
)
def test_the_suggested_tier(answers, label):
    found = suggest(form(answers))
    assert found.label == label
    assert (found.tier.value if found.tier else None) == (label if label in {HIGH, MEDIUM, LOW} else None)
    assert found.reasons


@pytest.mark.parametrize("code", sorted(set(STAR.split()) - {"K02", "K04"}))
def test_every_other_critical_item_makes_high_when_current(code):
    assert suggest(form(f"{code}:c")).tier is Tier.HIGH


@pytest.mark.parametrize("code", sorted(set(DIAMOND.split()) - {"G01", "G02", "G03"}))
def test_every_significant_item_outside_g_makes_medium_when_current(code):
    assert suggest(form(f"{code}:c")).tier is Tier.MEDIUM


def test_reasons_name_the_items():
    assert suggest(form("B02:c E01:c D02:s")).reasons == (
        "Significant and current: B02, E01.",
        "Critical and suspected: D02.",
        "Several indicators current or suspected: B02, D02, E01.",
    )


def test_reasons_name_what_is_not_known_whatever_the_tier():
    assert "Critical and not known; find out: C01, D01." in suggest(form("D01:? C01:? F02:c")).reasons
    assert suggest(form("D01:? C01:?")).reasons == ("Critical and not known; find out: C01, D01.",)


def test_reasons_name_the_duty_that_k02_opens():
    assert suggest(form("K02:c")).reasons == (
        "Recorded, and by themselves not above Low: K02.",
        "K02 opens its duty and a strategy discussion at once.",
    )


def test_nothing_answered_is_not_no_concern():
    assert suggest([]).label == INSUFFICIENT_INFORMATION
    assert suggest([answered("V01", Answer.CURRENT)]).label == INSUFFICIENT_INFORMATION


def test_answers_may_come_in_any_order_or_by_code():
    answers = form("B02:c D02:s")
    assert suggest(answers) == suggest(answers[::-1]) == suggest({item.code: item for item in answers})


def test_an_age_that_is_not_known_is_said_to_be_so_beside_a_sign_of_sexual_exploitation():
    assert strategy_discussion_now(None, form("C07:s"))[0].startswith("The child's age is not known")
    assert strategy_discussion_now(12, form("C07:s"))[0].startswith("The child is under 13")


def test_an_item_answered_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        suggest([answered("D01", Answer.CURRENT), answered("D01", Answer.NONE)])


def test_thresholds_are_proposed_and_can_be_set():
    assert Thresholds().status.value == "Local target (proposed)"
    assert suggest(form("F02:c E04:s"), Thresholds(present_for_medium=2)).tier is Tier.MEDIUM
    assert suggest(form("D01:s C01:s"), Thresholds(critical_suspected_for_high=3)).tier is Tier.MEDIUM


@pytest.mark.parametrize("name", [one.name for one in fields(Thresholds) if "_for_" in one.name])
def test_a_threshold_of_none_at_all_is_refused(name):
    with pytest.raises(ValueError, match="at least 1"):
        Thresholds(**{name: 0})


def test_a_critical_item_of_a_new_form_in_g_still_never_makes_high_alone():
    item = answered("G09", Answer.CURRENT, Weight.CRITICAL)
    assert suggest([item]).tier is Tier.LOW
    assert suggest([item, answered("F02", Answer.CURRENT)]).tier is Tier.HIGH


RANK = {Answer.NONE: 0, Answer.NOT_KNOWN: 0, Answer.HISTORIC: 1, Answer.SUSPECTED: 2, Answer.CURRENT: 3}
FORMS = st.fixed_dictionaries({code: st.sampled_from(list(Answer)) for code in WEIGHTS})


def height(found):
    return -1 if found.tier is None else list(Tier).index(found.tier)


@given(
    answers=st.dictionaries(st.sampled_from(sorted(WEIGHTS)), st.sampled_from(list(Answer)), max_size=6),
    code=st.sampled_from(sorted(WEIGHTS)),
    worse=st.sampled_from([Answer.HISTORIC, Answer.SUSPECTED, Answer.CURRENT]),
)
@settings(max_examples=300, deadline=None)
def test_a_worse_answer_never_lowers_the_suggestion(answers, code, worse):
    before = {**dict.fromkeys(WEIGHTS, Answer.NONE), **answers}
    if RANK[worse] < RANK[before[code]]:
        return
    after = {**before, code: worse}
    lower = suggest([answered(c, a) for c, a in before.items()])
    higher = suggest([answered(c, a) for c, a in after.items()])
    assert height(higher) >= height(lower)


@given(answers=FORMS)
@settings(max_examples=100, deadline=None)
def test_vulnerability_and_history_never_change_the_suggestion(answers):
    items = [answered(code, answer) for code, answer in answers.items()]
    more = [answered(code, Answer.CURRENT, Weight.CRITICAL) for code in ("V01", "V05", "N02", "N04")]
    assert suggest(items + more) == suggest(items)


# Strategy discussion now


@pytest.mark.parametrize(
    ("age", "answers", "needed"),
    [
        pytest.param(12, "C07:c", True, id="under 13, plain C current"),
        pytest.param(12, "C07:s", True, id="under 13, plain C suspected"),
        pytest.param(12, "C01:h", False, id="under 13, C historic only"),
        pytest.param(12, "C01:?", False, id="under 13, C not known"),
        pytest.param(12, "B01:c", False, id="under 13, no C item"),
        pytest.param(13, "C07:c", False, id="13, plain C"),
        pytest.param(13, "C01:c", False, id="13, critical C: High by tier, not by this rule"),
        pytest.param(None, "C07:s", True, id="age not known is treated as under 13"),
        pytest.param(None, "F02:c", False, id="age not known, no C item"),
        pytest.param(0, "C05:s", True, id="a baby"),
        pytest.param(16, "K02:c", True, id="K02 current at any age"),
        pytest.param(16, "K02:s", True, id="K02 suspected"),
        pytest.param(16, "K02:h", True, id="K02 historic: cutting does not lapse"),
        pytest.param(16, "K04:s", True, id="K04 suspected"),
        pytest.param(16, "K04:?", False, id="K04 not known"),
        pytest.param(16, "K03:c", False, id="K03 opens a duty, not this"),
        pytest.param(9, "", False, id="nothing"),
    ],
)
def test_strategy_discussion_now(age, answers, needed):
    assert bool(strategy_discussion_now(age, form(answers))) is needed


def test_strategy_discussion_names_its_reasons():
    assert strategy_discussion_now(12, form("C04:s K04:c C07:c")) == (
        "The child is under 13 and a sign of sexual exploitation is recorded (C04, C07).",
        "K04 calls for a strategy discussion at once.",
    )


# The order of the tiers


def test_tiers_are_in_order():
    assert Tier.LOW < Tier.MEDIUM < Tier.HIGH
    assert max(Tier.LOW, Tier.HIGH, Tier.MEDIUM) is Tier.HIGH
    assert Tier.MEDIUM >= Tier.MEDIUM
    assert [tier.name for tier in sorted(Tier)] == ["LOW", "MEDIUM", "HIGH"]


def test_a_tier_is_not_a_number():
    with pytest.raises(TypeError):
        Tier.LOW + 1
    with pytest.raises(TypeError):
        Tier.LOW < 2  # noqa: B015


@pytest.mark.parametrize("tier", list(Tier))
def test_every_tier_has_a_meaning_in_plain_english(tier):
    assert len(tier.meaning) > 40
