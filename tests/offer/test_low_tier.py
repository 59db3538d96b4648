"""The guard on Low: a truth table of facts and the objections they meet."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offer.low_tier import OBJECTION_SOURCES, Protection, Recorded, new_protections
from offer.tiers import (
    AssessmentKind,
    CPMAgreement,
    CPMOutcome,
    LowFacts,
    ObjectionCode,
    SendStatus,
    Tier,
    agreement_objections,
    effective_tier,
    floor_while_waiting,
    low_objections,
    lowering_objections,
    protection_grounds,
)

DECIDED = date(2027, 1, 27)
ANSWERED = date(2027, 3, 23)
OLD_ENOUGH = date(2011, 6, 14)
UNDER_13 = date(2014, 2, 14)
CRE, SINGLE, EHA, OTHER = AssessmentKind
CODE = ObjectionCode

ORDINARY = LowFacts(
    date_of_birth=OLD_ENOUGH,
    date_of_birth_when_submitted=OLD_ENOUGH,
    assessment="version 1",
    submitted_on=date(2027, 1, 26),
    decided_on=DECIDED,
    send_when_submitted=SendStatus.NONE,
    send_when_decided=SendStatus.NONE,
    every_item_answered=True,
    author="social worker",
    manager="team manager",
)
AGREED = CPMAgreement(
    assessment="version 1",
    cpm="child protection manager",
    outcome=CPMOutcome.AGREED,
    on=ANSWERED,
    assessments_named=frozenset({CRE, SINGLE}),
)
PROTECTED = replace(
    ORDINARY,
    date_of_birth=UNDER_13,
    effective_on=ANSWERED,
    single_assessment_authorised_on=date(2027, 3, 19),
    agreements=(AGREED,),
)


def codes(facts):
    return {objection.code for objection in low_objections(facts)}


def answered(**changes):
    return replace(PROTECTED, agreements=(replace(AGREED, **changes),))


# Who is protected


@pytest.mark.parametrize(
    ("changes", "protected"),
    [
        pytest.param({}, False, id="15, no SEND"),
        pytest.param({"date_of_birth": UNDER_13}, True, id="12 on both days"),
        pytest.param({"date_of_birth": date(2014, 1, 26)}, False, id="13 on the day of submission"),
        pytest.param({"date_of_birth": date(2014, 1, 27)}, True, id="12 when submitted, 13 when decided"),
        pytest.param({"date_of_birth": date(2014, 1, 28)}, True, id="12 when decided"),
        pytest.param({"date_of_birth": None}, True, id="date of birth not known"),
        pytest.param({"date_of_birth_when_submitted": UNDER_13}, True, id="recorded as 12 then, corrected to 15"),
        pytest.param({"date_of_birth_when_submitted": date(2014, 1, 26)}, False, id="recorded as 13 that day"),
        pytest.param({"date_of_birth_when_submitted": date(2014, 1, 27)}, True, id="recorded as 13 the day after"),
        pytest.param({"date_of_birth_when_submitted": None}, True, id="date of birth not known then"),
        pytest.param(
            {"send_when_submitted": SendStatus.RECORDED}, True, id="SEND recorded when submitted, since removed"
        ),
        pytest.param({"send_when_decided": SendStatus.RECORDED}, True, id="SEND recorded since"),
        pytest.param({"send_when_submitted": SendStatus.SUSPECTED}, True, id="SEND suspected when submitted"),
        pytest.param({"send_when_decided": SendStatus.SUSPECTED}, True, id="SEND suspected when decided"),
        pytest.param({"send_when_decided": SendStatus.NOT_KNOWN}, True, id="nobody recorded whether there is SEND"),
        pytest.param({"cpm_matter_open": True}, True, id="an open CPM matter outlives its reason"),
    ],
)
def test_who_needs_the_cpm(changes, protected):
    facts = replace(ORDINARY, **changes)
    assert bool(protection_grounds(facts)) is protected
    assert codes(facts) == ({CODE.CPM_NOT_YET_ANSWERED, CODE.ASSESSMENTS_INCOMPLETE} if protected else set())


@pytest.mark.parametrize(
    ("born", "submitted", "protected"),
    [
        pytest.param(date(2012, 2, 29), date(2025, 2, 28), True, id="born 29 February: 12 on 28 February 2025"),
        pytest.param(date(2012, 2, 29), date(2025, 3, 1), False, id="born 29 February: 13 on 1 March 2025"),
        pytest.param(date(2025, 6, 1), date(2025, 3, 1), True, id="a date of birth in the future protects"),
    ],
)
def test_protection_by_age_on_leap_and_odd_births(born, submitted, protected):
    facts = replace(ORDINARY, date_of_birth=born, submitted_on=submitted, decided_on=submitted)
    assert bool(protection_grounds(facts)) is protected


def test_a_child_of_12_is_protected_before_anything_is_submitted():
    facts = replace(ORDINARY, date_of_birth=UNDER_13, submitted_on=None)
    assert codes(facts) == {CODE.NOT_SUBMITTED, CODE.CPM_NOT_YET_ANSWERED, CODE.ASSESSMENTS_INCOMPLETE}


def test_what_was_recorded_when_it_was_submitted_is_not_asked_before_it_is():
    facts = replace(ORDINARY, date_of_birth_when_submitted=None, submitted_on=None)
    assert codes(facts) == {CODE.NOT_SUBMITTED}


def test_turning_13_while_low_waits_does_not_lift_the_protection():
    after_birthday = replace(PROTECTED, agreements=(), effective_on=date(2027, 2, 15))
    assert CODE.CPM_NOT_YET_ANSWERED in codes(after_birthday)


# What every Low decision needs


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({}, set(), id="nothing in the way"),
        pytest.param({"submitted_on": None}, {CODE.NOT_SUBMITTED}, id="not submitted"),
        pytest.param({"every_item_answered": False}, {CODE.ITEMS_BLANK}, id="a blank item"),
        pytest.param({"manager": "social worker"}, {CODE.AUTHOR_DECIDES}, id="author decides"),
        pytest.param(
            {"critical_current": ("D02",), "lowered_on_protective_factors_only": True},
            {CODE.CRITICAL_CURRENT},
            id="critical current, protective factors only",
        ),
        pytest.param({"critical_current": ("D02",)}, set(), id="critical current, other grounds too"),
        pytest.param({"lowered_on_protective_factors_only": True}, set(), id="protective factors, no critical current"),
        pytest.param(
            {"critical_current": ("D02",), "lowered_on_protective_factors_only": True, "override_reason": "remanded"},
            set(),
            id="manager gives a reason",
        ),
        pytest.param(
            {"critical_current": ("D02",), "lowered_on_protective_factors_only": True, "override_reason": "  "},
            {CODE.CRITICAL_CURRENT},
            id="a blank reason is none",
        ),
        pytest.param({"critical_not_known": ("C01",)}, set(), id="critical not known, child not protected"),
    ],
)
def test_what_low_needs_for_every_child(changes, expected):
    assert codes(replace(ORDINARY, **changes)) == expected


# What Low needs for a protected child


def test_a_protected_child_may_be_low_once_assessed_and_agreed():
    assert low_objections(PROTECTED) == ()


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(
            replace(PROTECTED, agreements=()),
            {CODE.CPM_NOT_YET_ANSWERED},
            id="assessed, not answered",
        ),
        pytest.param(answered(outcome=CPMOutcome.NOT_AGREED), {CODE.CPM_NOT_AGREED}, id="not agreed"),
        pytest.param(
            answered(outcome=CPMOutcome.MORE_ASSESSMENT_NEEDED), {CODE.CPM_MORE_ASSESSMENT}, id="more assessment"
        ),
        pytest.param(
            answered(assessment="version 0"),
            {CODE.CPM_NOT_YET_ANSWERED, CODE.CPM_ANSWERED_ANOTHER_VERSION},
            id="agreed another version",
        ),
        pytest.param(answered(on=ANSWERED + timedelta(days=1)), {CODE.CPM_NOT_YET_ANSWERED}, id="agreed tomorrow"),
        pytest.param(
            answered(on=DECIDED - timedelta(days=1)),
            {CODE.CPM_NOT_YET_ANSWERED, CODE.CPM_ANSWERED_EARLIER_DECISION},
            id="agreed before this decision",
        ),
        pytest.param(answered(cpm="social worker"), {CODE.CPM_IS_AUTHOR}, id="CPM wrote it"),
        pytest.param(answered(cpm="team manager"), {CODE.CPM_IS_MANAGER}, id="CPM decided it"),
        pytest.param(
            answered(on=date(2027, 3, 18)), {CODE.CPM_BEFORE_ASSESSMENTS}, id="agreed the day before authorised"
        ),
        pytest.param(answered(on=date(2027, 3, 19)), set(), id="agreed on the day authorised"),
        pytest.param(answered(assessments_named=frozenset()), {CODE.CPM_NAMES_INCOMPLETE}, id="names nothing"),
        pytest.param(answered(assessments_named=frozenset({CRE})), {CODE.CPM_NAMES_INCOMPLETE}, id="names CRE only"),
        pytest.param(
            answered(assessments_named=frozenset({SINGLE})), {CODE.CPM_NAMES_INCOMPLETE}, id="does not name CRE"
        ),
        pytest.param(
            answered(assessments_named=frozenset({CRE, EHA})),
            {CODE.CPM_NAMES_INCOMPLETE},
            id="names an EHA that was not completed",
        ),
        pytest.param(
            replace(PROTECTED, single_assessment_authorised_on=None),
            {CODE.ASSESSMENTS_INCOMPLETE},
            id="neither assessment",
        ),
        pytest.param(
            replace(PROTECTED, single_assessment_authorised_on=None, eha_completed_on=date(2027, 2, 1)),
            {CODE.CPM_NAMES_INCOMPLETE},
            id="EHA completed, agreement names the Single Assessment",
        ),
        pytest.param(
            replace(
                answered(assessments_named=frozenset({CRE, EHA})),
                single_assessment_authorised_on=None,
                eha_completed_on=date(2027, 2, 1),
            ),
            set(),
            id="EHA completed and named",
        ),
        pytest.param(
            replace(PROTECTED, eha_completed_on=date(2027, 2, 1)), set(), id="both completed, one named is enough"
        ),
        pytest.param(
            replace(PROTECTED, critical_not_known=("C01",)), {CODE.CRITICAL_NOT_KNOWN}, id="critical not known"
        ),
        pytest.param(
            replace(PROTECTED, every_item_answered=False), {CODE.ITEMS_BLANK}, id="agreed although an item is blank"
        ),
        pytest.param(replace(PROTECTED, manager="social worker"), {CODE.AUTHOR_DECIDES}, id="agreed, author decided"),
        pytest.param(
            replace(PROTECTED, send_when_decided=SendStatus.RECORDED), set(), id="two grounds, one agreement is enough"
        ),
    ],
)
def test_what_low_needs_for_a_protected_child(facts, expected):
    assert codes(facts) == expected


UNAVAILABLE = {"single_assessment_authorised_on": None, "eha_declined": True, "single_assessment_not_met": True}
RESTS_ON_OTHERS = replace(
    answered(assessments_named=frozenset({CRE, OTHER}), sufficient_because="The school nurse saw the child weekly."),
    **UNAVAILABLE,
)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param(RESTS_ON_OTHERS, set(), id="others named, with why"),
        pytest.param(
            replace(PROTECTED, **UNAVAILABLE), {CODE.ASSESSMENTS_INCOMPLETE}, id="no reason why others suffice"
        ),
        pytest.param(
            replace(
                answered(assessments_named=frozenset({CRE}), sufficient_because="because"),
                **UNAVAILABLE,
            ),
            {CODE.CPM_NAMES_INCOMPLETE},
            id="a reason, but no other assessment named",
        ),
        pytest.param(
            replace(RESTS_ON_OTHERS, eha_declined=False), {CODE.ASSESSMENTS_INCOMPLETE}, id="the EHA was not declined"
        ),
        pytest.param(
            replace(RESTS_ON_OTHERS, single_assessment_not_met=False),
            {CODE.ASSESSMENTS_INCOMPLETE},
            id="a Single Assessment is still possible",
        ),
    ],
)
def test_resting_on_other_named_assessments(facts, expected):
    assert codes(facts) == expected


@pytest.mark.parametrize(("declined", "not_met"), list(product((False, True), repeat=2)))
def test_what_is_missing_says_whether_other_assessments_may_suffice(declined, not_met):
    facts = replace(
        PROTECTED, agreements=(), single_assessment_authorised_on=None, eha_declined=declined,
        single_assessment_not_met=not_met,
    )  # fmt: skip
    (sentence,) = [one.sentence for one in low_objections(facts) if one.code is CODE.ASSESSMENTS_INCOMPLETE]
    assert ("must name the other assessments" in sentence) == (declined and not_met)


def test_the_latest_answer_counts():
    more = replace(AGREED, outcome=CPMOutcome.MORE_ASSESSMENT_NEEDED, on=date(2027, 2, 1))
    assert low_objections(replace(PROTECTED, agreements=(more, AGREED))) == ()
    withdrawn = replace(AGREED, outcome=CPMOutcome.NOT_AGREED)
    assert codes(replace(PROTECTED, agreements=(AGREED, withdrawn))) == {CODE.CPM_NOT_AGREED}
    assert codes(replace(PROTECTED, agreements=(withdrawn, AGREED))) == set()


def test_an_agreement_does_not_count_before_its_day():
    assert codes(replace(PROTECTED, effective_on=ANSWERED - timedelta(days=1))) == {CODE.CPM_NOT_YET_ANSWERED}


def test_case_d_theo_day_by_day():
    more = replace(AGREED, outcome=CPMOutcome.MORE_ASSESSMENT_NEEDED, on=date(2027, 2, 1))
    theo = replace(PROTECTED, agreements=(more, AGREED))
    day = DECIDED
    while day < ANSWERED:
        assert low_objections(replace(theo, effective_on=day)), day
        day += timedelta(days=1)
    assert low_objections(replace(theo, effective_on=ANSWERED)) == ()


def test_case_a_amira_needs_no_cpm():
    amira = replace(ORDINARY, submitted_on=date(2026, 11, 5), decided_on=date(2026, 11, 9))
    assert protection_grounds(amira) == ()
    assert low_objections(amira) == ()


def test_the_sentences_say_why():
    waiting = low_objections(replace(PROTECTED, agreements=()))[0].sentence
    assert waiting.startswith("Low proposed: awaiting agreement by a Child Protection Manager.")
    assert "under 13" in waiting
    unknown = low_objections(replace(ORDINARY, date_of_birth=None))[0].sentence
    assert "date of birth is not known" in unknown


@pytest.mark.parametrize("code", list(ObjectionCode))
def test_every_objection_has_a_source_and_a_status(code):
    source, status = OBJECTION_SOURCES[code]
    assert source
    assert status.value


# The moment the CPM answers


@pytest.mark.parametrize(
    ("facts", "agreement", "expected"),
    [
        pytest.param(PROTECTED, AGREED, set(), id="may be recorded"),
        pytest.param(
            replace(PROTECTED, single_assessment_authorised_on=None),
            replace(AGREED, on=date(2027, 2, 1)),
            {CODE.ASSESSMENTS_INCOMPLETE},
            id="before the Single Assessment is authorised",
        ),
        pytest.param(
            replace(PROTECTED, critical_not_known=("C01", "D02")), AGREED, {CODE.CRITICAL_NOT_KNOWN}, id="not known"
        ),
        pytest.param(PROTECTED, replace(AGREED, cpm="social worker"), {CODE.CPM_IS_AUTHOR}, id="own assessment"),
        pytest.param(PROTECTED, replace(AGREED, cpm="team manager"), {CODE.CPM_IS_MANAGER}, id="own decision"),
        pytest.param(
            PROTECTED, replace(AGREED, assessment="v2"), {CODE.CPM_ANSWERED_ANOTHER_VERSION}, id="another version"
        ),
        pytest.param(
            PROTECTED,
            replace(AGREED, on=date(2027, 1, 25)),
            {CODE.CPM_BEFORE_ASSESSMENTS},
            id="before the CRE assessment was submitted",
        ),
        pytest.param(
            replace(PROTECTED, submitted_on=date(2027, 1, 26), single_assessment_authorised_on=date(2027, 1, 4)),
            replace(AGREED, on=date(2027, 1, 25)),
            {CODE.CPM_BEFORE_ASSESSMENTS},
            id="after the Single Assessment and before the CRE assessment was submitted",
        ),
        pytest.param(
            replace(PROTECTED, submitted_on=ANSWERED), AGREED, set(), id="on the day the CRE assessment was submitted"
        ),
        pytest.param(
            replace(PROTECTED, single_assessment_authorised_on=None, critical_not_known=("C01",)),
            replace(AGREED, outcome=CPMOutcome.NOT_AGREED),
            set(),
            id="refusing is never refused",
        ),
    ],
)
def test_what_an_agreement_needs(facts, agreement, expected):
    assert {objection.code for objection in agreement_objections(facts, agreement)} == expected


def test_nothing_is_agreed_that_was_not_submitted_or_has_blanks():
    for changes, code in (
        ({"submitted_on": None}, CODE.NOT_SUBMITTED),
        ({"every_item_answered": False}, CODE.ITEMS_BLANK),
    ):
        assert code in {one.code for one in agreement_objections(replace(PROTECTED, **changes), AGREED)}


@pytest.mark.parametrize("day", [DECIDED, ANSWERED])
def test_an_agreement_counts_from_the_day_of_the_decision_to_the_day_asked(day):
    done = {"single_assessment_authorised_on": DECIDED, "effective_on": day}
    assert not low_objections(replace(PROTECTED, agreements=(replace(AGREED, on=day),), **done))


def test_a_critical_item_not_known_is_said_before_anybody_is_asked_to_agree():
    waiting = replace(PROTECTED, agreements=(), critical_not_known=("C01",))
    assert codes(waiting) == {CODE.CPM_NOT_YET_ANSWERED, CODE.CRITICAL_NOT_KNOWN}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param({"assessment": "version 0"}, {CODE.CPM_ANSWERED_ANOTHER_VERSION}, id="agreed another version"),
        pytest.param(
            {"assessment": "version 0", "on": date(2026, 12, 1)}, {CODE.CPM_ANSWERED_ANOTHER_VERSION},
            id="agreed another version, before this decision",
        ),
        pytest.param({"on": date(2027, 1, 26)}, {CODE.CPM_ANSWERED_EARLIER_DECISION}, id="agreed before the decision"),
        pytest.param(
            {"assessment": "version 0", "outcome": CPMOutcome.NOT_AGREED}, set(), id="another version was not agreed"
        ),
        pytest.param(
            {"on": date(2027, 1, 26), "outcome": CPMOutcome.NOT_AGREED}, set(), id="an earlier decision was not agreed"
        ),
    ],
)  # fmt: skip
def test_what_an_earlier_answer_is_worth_is_said_once(answer, expected):
    assert codes(answered(**answer)) == {CODE.CPM_NOT_YET_ANSWERED, *expected}


# No facts at all let a protected child be Low without an agreement

FACTS = st.builds(
    LowFacts,
    date_of_birth=st.none() | st.dates(date(2008, 1, 1), date(2020, 1, 1)),
    date_of_birth_when_submitted=st.none() | st.dates(date(2008, 1, 1), date(2020, 1, 1)),
    assessment=st.just(1),
    submitted_on=st.none() | st.dates(date(2026, 6, 1), DECIDED),
    decided_on=st.just(DECIDED),
    effective_on=st.none() | st.dates(DECIDED, date(2027, 6, 1)),
    send_when_submitted=st.sampled_from(SendStatus),
    send_when_decided=st.sampled_from(SendStatus),
    every_item_answered=st.booleans(),
    author=st.integers(1, 3),
    manager=st.integers(1, 3),
    single_assessment_authorised_on=st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    eha_completed_on=st.none() | st.dates(date(2026, 6, 1), date(2027, 6, 1)),
    eha_declined=st.booleans(),
    single_assessment_not_met=st.booleans(),
    cpm_matter_open=st.booleans(),
    critical_not_known=st.sampled_from([(), ("C01",)]),
    agreements=st.lists(
        st.builds(
            CPMAgreement,
            assessment=st.integers(1, 2),
            cpm=st.integers(1, 4),
            outcome=st.sampled_from(CPMOutcome),
            on=st.dates(date(2026, 6, 1), date(2027, 6, 1)),
            assessments_named=st.frozensets(st.sampled_from(AssessmentKind)),
            sufficient_because=st.sampled_from(["", "because"]),
        ),
        max_size=3,
    ).map(tuple),
)


def has_a_good_agreement(facts):
    """Written from the rule: an AGREED on this version, after the decision, by a third person, naming CRE."""
    day = facts.effective_on or facts.decided_on
    return any(
        a.outcome is CPMOutcome.AGREED
        and a.assessment == facts.assessment
        and facts.decided_on <= a.on <= day
        and a.cpm not in {facts.author, facts.manager}
        and CRE in a.assessments_named
        for a in facts.agreements
    )


@given(facts=FACTS)
@settings(max_examples=500, deadline=None)
def test_low_never_takes_effect_for_a_protected_child_without_a_good_agreement(facts):
    if low_objections(facts):
        return
    assert facts.submitted_on is not None
    assert facts.every_item_answered
    assert facts.author != facts.manager
    if protection_grounds(facts):
        assert has_a_good_agreement(facts)
        assert not facts.critical_not_known


# The floor


@pytest.mark.parametrize(
    ("current", "floor"),
    [(None, Tier.MEDIUM), (Tier.LOW, Tier.MEDIUM), (Tier.MEDIUM, Tier.MEDIUM), (Tier.HIGH, Tier.HIGH)],
)
def test_the_floor_never_lowers(current, floor):
    assert floor_while_waiting(current) is floor


@pytest.mark.parametrize(
    ("decided", "current", "waiting", "effective"),
    [
        pytest.param(Tier.LOW, None, True, Tier.MEDIUM, id="first Low, waiting"),
        pytest.param(Tier.LOW, Tier.LOW, True, Tier.MEDIUM, id="Low and SEND recorded since"),
        pytest.param(Tier.LOW, Tier.HIGH, True, Tier.HIGH, id="from High, waiting: stays High"),
        pytest.param(Tier.LOW, Tier.HIGH, False, Tier.LOW, id="from High, agreed"),
        pytest.param(None, Tier.LOW, True, Tier.MEDIUM, id="no current concern waits too"),
        pytest.param(None, Tier.LOW, False, None, id="no current concern, agreed"),
        pytest.param(Tier.MEDIUM, Tier.HIGH, True, Tier.MEDIUM, id="Medium never waits"),
        pytest.param(Tier.HIGH, Tier.LOW, True, Tier.HIGH, id="High never waits"),
        pytest.param(Tier.LOW, Tier.MEDIUM, False, Tier.LOW, id="Low takes effect"),
    ],
)
def test_the_effective_tier(decided, current, waiting, effective):
    assert effective_tier(decided, current, waiting_for_cpm=waiting) is effective


# Lowering


@pytest.mark.parametrize(
    ("current", "proposed", "facts", "expected"),
    [
        pytest.param(Tier.HIGH, Tier.MEDIUM, {}, {CODE.SECOND_DECISION_NEEDED}, id="from High, manager alone"),
        pytest.param(Tier.HIGH, None, {}, {CODE.SECOND_DECISION_NEEDED}, id="from High to no concern"),
        pytest.param(Tier.HIGH, Tier.LOW, {"second_decider_agrees": True}, set(), id="from High, with the chair"),
        pytest.param(Tier.MEDIUM, Tier.LOW, {}, set(), id="from Medium"),
        pytest.param(
            Tier.MEDIUM,
            Tier.LOW,
            {"critical_current": ("D02",)},
            set(),
            id="more than protective factors speaks for it",
        ),
        pytest.param(Tier.MEDIUM, Tier.HIGH, {}, set(), id="raising"),
        pytest.param(Tier.HIGH, Tier.HIGH, {}, set(), id="staying"),
        pytest.param(
            Tier.MEDIUM,
            Tier.LOW,
            {"critical_current": ("D02",), "protective_factors_only": True},
            {CODE.CRITICAL_CURRENT},
            id="protective factors only",
        ),
        pytest.param(
            Tier.HIGH,
            Tier.MEDIUM,
            {"critical_current": ("D02",), "protective_factors_only": True, "override_reason": "moved away"},
            {CODE.SECOND_DECISION_NEEDED},
            id="protective factors with a reason, still from High",
        ),
    ],
)
def test_what_lowering_needs(current, proposed, facts, expected):
    assert {objection.code for objection in lowering_objections(current, proposed, **facts)} == expected


# A correction that shows what nobody knew

BORN = {
    "not known": None, "next year": date(2027, 1, 1), "at 12": date(2013, 11, 10), "at 13": date(2013, 11, 9),
    "at 16": date(2010, 1, 1),
}  # fmt: skip
CORRECTED_ON = date(2026, 11, 9)
YOUNG = {"not known", "next year", "at 12"}


@pytest.mark.parametrize(
    ("born", "born_now", "send", "send_now"),
    list(product(BORN, BORN, SendStatus, SendStatus)),
)
def test_what_protects_after_a_correction_and_did_not_before_is_new(born, born_now, send, send_now):
    before = Recorded(date_of_birth=BORN[born], send=send)
    after = Recorded(date_of_birth=BORN[born_now], send=send_now)
    expected = {Protection.AGE} if born_now in YOUNG and born not in YOUNG else set()
    expected |= {Protection.SEND} if send is SendStatus.NONE and send_now is not SendStatus.NONE else set()
    assert new_protections(before, after, CORRECTED_ON) == expected
