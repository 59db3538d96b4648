"""Who must report: the FGM question, the NRM question, and what each answer opens."""

from datetime import date

import pytest

from offer import SOURCES, Status
from offer.duties import (
    DUTIES,
    NRM_ITEMS,
    NRM_TYPES,
    FamilyTold,
    HowKnown,
    NoNRMReferral,
    Profession,
    duties_opened,
    fgm_route,
    nrm_needs_consent,
    nrm_reasons,
)
from offer.exploitation_types import ExploitationType, TypeStatus
from offer.tiers import Answer, Answered, Weight
from offer.timescales import TIMESCALES

TODAY = date(2026, 11, 23)
GIRL = date(2012, 5, 4)
EACH = [pytest.param(duty, id=duty.rule_id) for duty in DUTIES.values()]


def sign(code, answer=Answer.CURRENT):
    return Answered(code, code[0], Weight.PLAIN, answer)


def route(how_known, profession, born=GIRL, **more):
    return fgm_route(how_known, profession, date_of_birth=born, discovered_on=TODAY, **more).rule_id


def test_every_duty_of_the_domain_text_is_a_row():
    assert list(DUTIES) == [
        *("MR-01", "MR-01b", "MR-02", "MR-02b", "MR-02c", "MR-03"),
        *("MR-04", "MR-05", "MR-06", "MR-07", "MR-08", "MR-09"),
    ]


@pytest.mark.parametrize("duty", EACH)
def test_a_duty_says_who_to_whom_on_what_and_by_whose_rule(duty):
    assert duty.timescale is TIMESCALES[duty.rule_id]
    assert duty.title
    assert duty.trigger
    assert duty.reporter
    assert duty.recipients
    assert isinstance(duty.status, Status)
    assert any(duty.source.startswith(source.title) for source in SOURCES.values())
    assert all(rule_id in TIMESCALES for rule_id in duty.also)


def test_only_two_duties_are_personal():
    assert {rule_id for rule_id, duty in DUTIES.items() if duty.personal} == {"MR-01", "MR-03"}


@pytest.mark.parametrize("rule_id", ["MR-04", "MR-06", "MR-09"])
def test_nothing_reaches_the_family_before_advice(rule_id):
    assert DUTIES[rule_id].family is FamilyTold.NOTHING_BEFORE_ADVICE


@pytest.mark.parametrize("rule_id", ["MR-01", "MR-01b"])
def test_fgm_holds_what_the_family_is_told(rule_id):
    assert DUTIES[rule_id].family is FamilyTold.HOLD


def test_the_abuse_reporting_duty_does_not_bind_yet():
    assert [rule_id for rule_id, duty in DUTIES.items() if not duty.binds_on(TODAY)] == ["MR-03"]


BOUND = {Profession.HEALTH, Profession.SOCIAL_CARE, Profession.TEACHER}


@pytest.mark.parametrize("profession", list(Profession))
@pytest.mark.parametrize("how_known", list(HowKnown))
def test_the_question_how_do_you_know(how_known, profession):
    known = how_known.name in {"TOLD_BY_THE_GIRL", "SAW_SIGNS"}
    assert route(how_known, profession) == ("MR-01" if known and profession in BOUND else "MR-01b")


@pytest.mark.parametrize("how_known", list(HowKnown))
def test_at_18_there_is_no_duty(how_known):
    assert route(how_known, Profession.HEALTH, born=date(2008, 11, 23)) is None


def test_the_day_before_18_there_is():
    assert route(HowKnown.TOLD_BY_THE_GIRL, Profession.HEALTH, born=date(2008, 11, 24)) == "MR-01"


def test_an_unknown_date_of_birth_is_treated_as_under_18():
    assert route(HowKnown.SAW_SIGNS, Profession.TEACHER, born=None) == "MR-01"


def test_a_teaching_assistant_takes_the_local_route():
    found = fgm_route(HowKnown.TOLD_BY_THE_GIRL, Profession.TEACHING_ASSISTANT, date_of_birth=GIRL, discovered_on=TODAY)
    assert found.rule_id == "MR-01b"
    assert "does not bind your profession" in found.sentence


@pytest.mark.parametrize(
    ("how_known", "more", "expected"),
    [
        pytest.param(HowKnown.SAW_SIGNS, {"lawful_surgery_or_childbirth": True}, "MR-01b", id="signs may be lawful"),
        pytest.param(HowKnown.TOLD_BY_THE_GIRL, {"lawful_surgery_or_childbirth": True}, "MR-01", id="her word stands"),
        pytest.param(HowKnown.SAW_SIGNS, {"same_profession_has_notified": True}, None, id="notified already"),
        pytest.param(
            HowKnown.SUSPICION_OR_RISK,
            {"same_profession_has_notified": True},
            "MR-01b",
            id="somebody's notification does not end a local concern",
        ),
    ],
)
def test_exceptions_to_the_fgm_duty(how_known, more, expected):
    assert route(how_known, Profession.HEALTH, **more) == expected


# The NRM


@pytest.mark.parametrize("code", ["A06", "C03", "D02", "D04", "D08", "K05", "K06", "K07"])
@pytest.mark.parametrize("answer", list(Answer))
def test_the_nrm_is_asked_for_by_indicators(code, answer):
    asked = answer in {Answer.CURRENT, Answer.SUSPECTED, Answer.HISTORIC}
    assert bool(nrm_reasons({}, [sign(code, answer)])) is asked


@pytest.mark.parametrize("code", ["A01", "C01", "D01", "K01", "K02", "K03", "K04"])
def test_the_nrm_is_not_asked_for_by_others(code):
    assert code not in NRM_ITEMS
    assert nrm_reasons({}, [sign(code)]) == ()


@pytest.mark.parametrize("kind", list(ExploitationType))
def test_the_nrm_is_asked_for_by_types(kind):
    asks = kind.name.startswith("CCE_") or kind.name in {"TRAFFICKING_MODERN_SLAVERY", "LABOUR_OR_SERVITUDE"}
    assert (kind in NRM_TYPES) is asks
    assert bool(nrm_reasons({kind: TypeStatus.SUSPECTED}, [])) is asks
    assert nrm_reasons({kind: TypeStatus.NONE}, []) == ()


def test_case_b_kofi_is_asked_about_twice_over():
    reasons = nrm_reasons(
        {ExploitationType.CCE_COUNTY_LINES: TypeStatus.SUSPECTED}, [sign("B02"), sign("D02", Answer.SUSPECTED)]
    )
    assert reasons == ("Child criminal exploitation: county lines is suspected.", "D02 is suspected.")


def test_refused_consent_is_no_reason_for_a_child():
    assert {reason.name for reason in NoNRMReferral} == {"NO_REASONABLE_GROUNDS", "ALREADY_REFERRED"}


@pytest.mark.parametrize(
    ("born", "needed"),
    [
        pytest.param(date(2008, 11, 23), True, id="18 today"),
        pytest.param(date(2008, 11, 24), False, id="18 tomorrow"),
        pytest.param(None, False, id="age not known: a child"),
    ],
)
def test_consent_to_the_nrm(born, needed):
    assert nrm_needs_consent(born, TODAY) is needed


# What opens which record


@pytest.mark.parametrize(
    ("types", "signs", "opened"),
    [
        pytest.param({}, [], (), id="nothing"),
        pytest.param({}, [sign("K02")], ("MR-01",), id="K02"),
        pytest.param({}, [sign("K02", Answer.HISTORIC)], ("MR-01",), id="K02 historic"),
        pytest.param({}, [sign("K02", Answer.NOT_KNOWN)], (), id="K02 not known"),
        pytest.param({}, [sign("K03")], ("MR-01b",), id="K03"),
        pytest.param({}, [sign("K04")], ("MR-04",), id="K04"),
        pytest.param({}, [sign("K01")], ("MR-06",), id="K01"),
        pytest.param({}, [sign("D02")], ("MR-02", "MR-02b", "MR-02c"), id="debt bondage"),
        pytest.param(
            {ExploitationType.CCE_COUNTY_LINES: TypeStatus.SUSPECTED},
            [],
            ("MR-02", "MR-02b", "MR-02c"),
            id="county lines",
        ),
        pytest.param({ExploitationType.HARMFUL_PRACTICE_FGM: TypeStatus.CONFIRMED}, [], ("MR-01",), id="FGM"),
        pytest.param({ExploitationType.FORCED_MARRIAGE: TypeStatus.SUSPECTED}, [], ("MR-04",), id="forced marriage"),
        pytest.param({ExploitationType.HONOUR_BASED: TypeStatus.SUSPECTED}, [], ("MR-09",), id="honour-based"),
        pytest.param({ExploitationType.RADICALISATION: TypeStatus.HISTORIC}, [], ("MR-06",), id="radicalisation"),
        pytest.param({ExploitationType.CSE: TypeStatus.CONFIRMED}, [sign("C01")], (), id="CSE opens none of these"),
        pytest.param(
            {ExploitationType.FORCED_MARRIAGE: TypeStatus.SUSPECTED},
            [sign("K04"), sign("K02"), sign("K06")],
            ("MR-01", "MR-02", "MR-02b", "MR-02c", "MR-04"),
            id="several, each once",
        ),
    ],
)
def test_what_opens_which_duty(types, signs, opened):
    assert duties_opened(types, signs) == opened


def test_there_are_fourteen_types():
    assert len(ExploitationType) == 14
