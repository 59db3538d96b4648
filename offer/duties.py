"""Who must report what, to whom, by when.

The service offer: "Some areas of work have mandatory reporting criteria such as Modern Slavery and Human Trafficking,
Female Genital Mutilation and Forced Marriage, so procedures and reporting timeframes must be followed where these
exploitative issues are identified."

Each duty names its clock by the rule id of `offer.timescales`. The personal duty stays with the person who discovered:
helpers may be assigned, the reporter never is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType

from offer.ages import age_on
from offer.answers import Answers, in_order
from offer.exploitation_types import CRIMINAL_EXPLOITATION, ExploitationType, TypeStatus
from offer.sources import Status, cite
from offer.timescales import TIMESCALES, Timescale

FGM_DUTY_BELOW_AGE = 18
CONSENT_FROM_AGE = 18


class FamilyTold(Enum):
    """What the family is told, unless a later decision says otherwise."""

    HOLD = "Hold: may be told after advice, if it is safe"
    NOTHING_BEFORE_ADVICE = "Nothing reaches the family before advice"
    JUDGEMENT = "As the worker judges, with the manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportingDuty:
    """One duty or expectation to report.

    rule_id: the clock in `TIMESCALES`, and the id of the duty. trigger: what opens it. reporter: who must report.
    recipients: to whom. personal: the duty is the discoverer's own and cannot be passed on.
    exceptions: what is outside it, in sentences. family: what the family is told meanwhile.
    also: other clocks that it starts. source, status: where the duty comes from (the clock has its own).
    """

    rule_id: str
    title: str
    trigger: str
    reporter: str
    recipients: tuple[str, ...]
    source: str
    status: Status
    personal: bool = False
    exceptions: tuple[str, ...] = ()
    family: FamilyTold = FamilyTold.JUDGEMENT
    also: tuple[str, ...] = ()
    to_check: str = ""

    @property
    def timescale(self) -> Timescale:
        """The clock of this duty."""
        return TIMESCALES[self.rule_id]

    def binds_on(self, day: date) -> bool:
        """True if the duty is in force on `day`: its clock binds."""
        return self.timescale.binds_on(day)


_ROWS = (
    ReportingDuty(
        rule_id="MR-01",
        title="Female genital mutilation (FGM): known",
        trigger="In professional work: the girl, under 18, says that it was done to her; or physical signs are seen "
        "and there is no reason to think it was lawful surgery or part of childbirth.",
        reporter="The regulated health or social care professional or teacher who discovers it",
        recipients=("The police for the area where the girl lives, normally by 101; 999 if a child is in danger",),
        personal=True,
        source=cite("FGM2003", "section 5B"),
        status=Status.STATUTE,
        exceptions=(
            "Suspected or at risk, or told by a parent or a third person: no section 5B duty, use MR-01b.",
            "The girl is 18 or over on discovery: no section 5B duty.",
            "There is reason to believe that another person of the same profession has already notified the same act.",
            "Teaching assistants, police staff and others outside the regulated professions: the local route, MR-01b.",
        ),
        family=FamilyTold.HOLD,
    ),
    ReportingDuty(
        rule_id="MR-01b",
        title="Female genital mutilation (FGM): suspected or at risk",
        trigger="Suspicion, risk factors (K03), or the account of a parent or another person.",
        reporter="Any worker",
        recipients=("Children's social care, for a strategy discussion",),
        source=cite("FGM2003", "section 5A and schedule 2, for protection orders; referral by local procedure"),
        status=Status.LOCAL,
        exceptions=("Parents are kept out of the loop until the strategy is decided.",),
        family=FamilyTold.HOLD,
    ),
    ReportingDuty(
        rule_id="MR-02",
        title="Modern slavery: National Referral Mechanism (NRM)",
        trigger="Reasonable suspicion of slavery, servitude, forced labour or trafficking of a child, criminal "
        "exploitation and county lines included.",
        reporter="A First Responder Organisation: the local authority, the police and others; not schools or most "
        "health bodies",
        recipients=("The competent authority, by the NRM online form",),
        source=cite("NRM"),
        status=Status.STATUTORY_GUIDANCE,
        exceptions=(
            "Under 18 no consent is asked; refusal of consent is not a reason for not referring a child.",
            "From 18 a new referral needs the person's consent.",
        ),
        also=("MR-02b", "MR-02c"),
    ),
    ReportingDuty(
        rule_id="MR-02b",
        title="Modern slavery: duty to notify the Home Office",
        trigger="Reasonable grounds to believe that a person may be a victim of slavery or human trafficking.",
        reporter="The local authority, police, Gangmasters and Labour Abuse Authority and National Crime Agency",
        recipients=("The Home Office",),
        source=cite("MSA2015", "section 52"),
        status=Status.STATUTE,
        exceptions=("For a child the NRM referral satisfies it; the anonymous form is for adults who refuse.",),
    ),
    ReportingDuty(
        rule_id="MR-02c",
        title="Independent Child Trafficking Guardian",
        trigger="As for the NRM.",
        reporter="The police or children's social care",
        recipients=("The Independent Child Trafficking Guardian service (Barnardo's)",),
        source=cite("DDSCP", "child trafficking"),
        status=Status.LOCAL,
        exceptions=("A child with no parental figure here has a direct worker; others a practice co-ordinator.",),
        to_check="The present contract of the guardian service.",
    ),
    ReportingDuty(
        rule_id="MR-03",
        title="Child sexual abuse: duty to report",
        trigger="In a relevant activity, being given reason to suspect that a child sex offence may have been "
        "committed, at any time: told by the child or by the person responsible, witnessed, or seen in an image.",
        reporter="That person",
        recipients=("The police", "or the local authority"),
        personal=True,
        source=cite("CPA2026", "duty to report child sexual abuse"),
        status=Status.STATUTE,
        exceptions=(
            "Some consensual activity between peers, and confidential services.",
            "An entry in this system by social care is not by itself a report.",
        ),
        to_check="Not yet in force: start date and section numbers are not confirmed.",
    ),
    ReportingDuty(
        rule_id="MR-04",
        title="Forced marriage",
        trigger="Any sign, K04 included. Since 27 February 2023 any conduct to cause a child to marry is an offence, "
        "without coercion.",
        reporter="Every agency",
        recipients=("Children's social care", "The police", "Forced Marriage Unit, for advice"),
        source=cite("FORCED_MARRIAGE", "the service offer treats it as mandatory"),
        status=Status.STATUTORY_GUIDANCE,
        exceptions=(
            "One chance: assume the child will be seen once, alone, and agree a safe way to make contact.",
            "Never contact or tell the family or community, mediate, use relatives as interpreters, or send letters.",
            "Travel imminent: 999 and an emergency order.",
        ),
        family=FamilyTold.NOTHING_BEFORE_ADVICE,
    ),
    ReportingDuty(
        rule_id="MR-05",
        title="Serious incident",
        trigger="The council knows or suspects abuse or neglect, and the child dies or is seriously harmed. "
        "Exploitation outside the home counts as abuse.",
        reporter="The local authority",
        recipients=("The national Panel", "The safeguarding partners", "Ofsted and the DfE, where required"),
        source=cite("CA2004", "section 16C"),
        status=Status.STATUTE,
        exceptions=(
            "The death of a looked-after child is always notified.",
            "A decision not to notify is recorded with its reason.",
        ),
        also=("TS-22",),
    ),
    ReportingDuty(
        rule_id="MR-06",
        title="Prevent and Channel",
        trigger="A concern that the child is being drawn into terrorism (K01).",
        reporter="Staff of the specified authorities; anybody may",
        recipients=("The police Prevent team, by the national referral form; 999 if imminent",),
        source=cite("CTSA2015", "sections 26 and 36"),
        status=Status.STATUTE,
        exceptions=("Support is voluntary. The referral is sensitive: not shown to the family before advice.",),
        family=FamilyTold.NOTHING_BEFORE_ADVICE,
    ),
    ReportingDuty(
        rule_id="MR-07",
        title="Allegation against a person who works with children (LADO)",
        trigger="The suspected person works with children: for example a taxi driver, sports coach or foster carer.",
        reporter="Anybody",
        recipients=("The local authority designated officer (LADO)", "Licensing, where the person is licensed"),
        source=cite("WT"),
        status=Status.STATUTORY_GUIDANCE,
    ),
    ReportingDuty(
        rule_id="MR-08",
        title="Missing child",
        trigger="The child's whereabouts are not known.",
        reporter="Carer or worker",
        recipients=("The police: 101, or 999 in danger", "then children's social care"),
        source=cite("MISSING_2014"),
        status=Status.STATUTORY_GUIDANCE,
        exceptions=("Each episode is separate.",),
        also=("TS-19",),
    ),
    ReportingDuty(
        rule_id="MR-09",
        title="Honour-based abuse",
        trigger="Disclosed or suspected.",
        reporter="Any worker",
        recipients=("Children's social care", "The police"),
        source=cite("DDSCP", "honour-based abuse"),
        status=Status.LOCAL,
        exceptions=("As for forced marriage: never contact or tell the family or community.",),
        family=FamilyTold.NOTHING_BEFORE_ADVICE,
    ),
)

DUTIES: Mapping[str, ReportingDuty] = MappingProxyType({row.rule_id: row for row in _ROWS})
"""Every reporting duty by its id."""


class HowKnown(Enum):
    """The FGM question "How do you know?"."""

    TOLD_BY_THE_GIRL = "She told me herself"
    SAW_SIGNS = "I saw signs myself"
    TOLD_BY_ANOTHER = "A parent or somebody else told me"
    SUSPICION_OR_RISK = "Suspicion or risk only"

    @property
    def is_known(self) -> bool:
        """True for the two cases in which the law says that a person discovers (section 5B(3) and (4))."""
        return self in {HowKnown.TOLD_BY_THE_GIRL, HowKnown.SAW_SIGNS}


class Profession(Enum):
    """The discoverer's profession, as section 5B sees it."""

    HEALTH = "Regulated health professional"
    SOCIAL_CARE = "Regulated social care professional (social worker)"
    TEACHER = "Teacher"
    TEACHING_ASSISTANT = "Teaching assistant"
    POLICE = "Police officer or staff"
    OTHER = "Other"

    @property
    def is_bound_by_fgm_duty(self) -> bool:
        """True for regulated health and social care professionals and teachers only."""
        return self in {Profession.HEALTH, Profession.SOCIAL_CARE, Profession.TEACHER}


@dataclass(frozen=True, slots=True)
class DutyRoute:
    """Which duty follows: its rule id, or None if no report follows, and the sentence the screen shows."""

    rule_id: str | None
    sentence: str


def fgm_route(
    how_known: HowKnown,
    profession: Profession,
    *,
    date_of_birth: date | None,
    discovered_on: date,
    lawful_surgery_or_childbirth: bool = False,
    same_profession_has_notified: bool = False,
) -> DutyRoute:
    """Whether the personal duty to notify the police (MR-01) or the local route (MR-01b) follows, or neither.

    date_of_birth: the girl's; not known is treated as under 18. discovered_on: calendar day (Europe/London).
    lawful_surgery_or_childbirth: signs were seen, and there is reason to think they come from that.
    same_profession_has_notified: there is reason to believe that another person of the same profession has notified
    the same act. Source: Female Genital Mutilation Act 2003, section 5B; local ruling for who takes the local route.
    """
    if date_of_birth is not None and age_on(date_of_birth, discovered_on) >= FGM_DUTY_BELOW_AGE:
        return DutyRoute(None, "She is 18 or over: no duty under section 5B. Ask for advice about safeguarding adults.")
    if not how_known.is_known:
        return DutyRoute("MR-01b", "Not told by her and no signs seen by you: refer to children's social care today.")
    if how_known is HowKnown.SAW_SIGNS and lawful_surgery_or_childbirth:
        return DutyRoute("MR-01b", "There may be a lawful explanation: no duty under section 5B. Take the local route.")
    if not profession.is_bound_by_fgm_duty:
        return DutyRoute("MR-01b", "Section 5B does not bind your profession: refer to children's social care today.")
    if same_profession_has_notified:
        return DutyRoute(None, "Somebody of your profession has already notified the police: record the reference.")
    return DutyRoute("MR-01", "You must notify the police yourself, by the close of the next working day.")


NRM_ITEMS = frozenset({"A06", "C03", "D02", "D04", "D08", "K05", "K06", "K07"})
"""Indicators at which the NRM is asked for. Source: local ruling."""
NRM_TYPES = CRIMINAL_EXPLOITATION | {ExploitationType.TRAFFICKING_MODERN_SLAVERY, ExploitationType.LABOUR_OR_SERVITUDE}
"""Types of exploitation at which the NRM is asked for: any criminal exploitation, trafficking, labour."""


class NoNRMReferral(Enum):
    """The only reasons for not referring a child to the NRM. Refusal of consent is not one."""

    NO_REASONABLE_GROUNDS = "No reasonable grounds (manager's decision)"
    ALREADY_REFERRED = "Already referred (reference)"


def nrm_reasons(types: Mapping[ExploitationType, TypeStatus], answers: Answers) -> tuple[str, ...]:
    """Why an NRM referral is asked for, in sentences; empty if nothing asks for it.

    A type counts if suspected, confirmed or historic; an indicator if CURRENT, SUSPECTED or HISTORIC. Source: ruling.
    """
    recorded = [kind for kind in ExploitationType if kind in NRM_TYPES and _is_recorded(kind, types)]
    signs = [item for item in in_order(answers) if item.code in NRM_ITEMS and item.answer.is_positive]
    return (
        *(f"{kind.value} is {types[kind].value.lower()}." for kind in recorded),
        *(f"{item.code} is {item.answer.value.lower()}." for item in signs),
    )


def nrm_needs_consent(date_of_birth: date | None, referred_on: date) -> bool:
    """True if a new NRM referral needs the person's consent: from 18. Age not known is treated as a child."""
    return date_of_birth is not None and age_on(date_of_birth, referred_on) >= CONSENT_FROM_AGE


_OPENED_BY_ITEM = {"K01": "MR-06", "K02": "MR-01", "K03": "MR-01b", "K04": "MR-04"}
_OPENED_BY_TYPE = {
    ExploitationType.HARMFUL_PRACTICE_FGM: "MR-01",
    ExploitationType.FORCED_MARRIAGE: "MR-04",
    ExploitationType.HONOUR_BASED: "MR-09",
    ExploitationType.RADICALISATION: "MR-06",
}


def duties_opened(types: Mapping[ExploitationType, TypeStatus], answers: Answers) -> tuple[str, ...]:
    """The ids of the duties whose record opens with these answers and types, in the order of their ids.

    MR-01 opens with the question "How do you know?" (`fgm_route`), whose answer may turn it into MR-01b.
    Source: the service offer (mandatory reporting); which item opens which duty is local.
    """
    opened = {_OPENED_BY_ITEM[i.code] for i in in_order(answers) if i.code in _OPENED_BY_ITEM and i.answer.is_positive}
    opened |= {rule_id for kind, rule_id in _OPENED_BY_TYPE.items() if _is_recorded(kind, types)}
    if nrm_reasons(types, answers):
        opened |= {"MR-02", *DUTIES["MR-02"].also}
    return tuple(rule_id for rule_id in DUTIES if rule_id in opened)


def _is_recorded(kind: ExploitationType, types: Mapping[ExploitationType, TypeStatus]) -> bool:
    return types.get(kind, TypeStatus.NONE).is_recorded
