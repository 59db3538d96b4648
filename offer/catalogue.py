"""What the service offer gives at each tier, item by item, each beside the words of the offer it comes from.

Tiers are cumulative: Low has 12 items, Medium those and 14 more (26), High those and 6 more (32). Two exceptional
items, X01 and X02, belong to no tier's list: they appear only when somebody opens them, at any tier.

"Actions may include" (Low): an item that is not appropriate may be set aside without more. "Actions will include"
(Medium, and High by "all of the above and"): setting one aside needs a reason. Blank is never an answer.

Source: Derby CRE service offer. Names of services are the offer's; who provides them today is in the directory.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from offer.levels import Tier
from offer.sources import Status, cite


class Kind(Enum):
    """What sort of thing an item is."""

    ASSESSMENT = "Assessment"
    MEETING = "Meeting"
    WORK = "Direct work"
    REFERRAL = "Referral"
    INTELLIGENCE = "Information sharing"
    MONITORING = "Monitoring"
    ESCALATION = "Escalation"
    DECISION = "Decision"
    PARTICIPATION = "Participation"
    NETWORK = "Connected people"
    SUPPORT = "Support"
    POLICE = "Police"
    FUNDING = "Funding"
    EXCEPTIONAL = "Exceptional"


class Disposition(Enum):
    """What is settled about an item in one child's plan."""

    PLANNED = "Planned"
    OFFERED = "Offered"
    IN_PROGRESS = "In progress"
    COMPLETED = "Completed"
    ALREADY_PROVIDED = "Already provided"
    NOT_APPROPRIATE = "Not appropriate"
    DECLINED = "Declined"
    UNAVAILABLE = "Unavailable"


@dataclass(frozen=True, slots=True)
class OfferItem:
    """One item of the offer.

    code: stable identifier. tier: the lowest tier that has it, None for the exceptional items.
    title: the item in the offer's words. quote: the passage of the offer it comes from, word for word; and_quote: a
    second passage, where it comes from two.
    """

    code: str
    tier: Tier | None
    kind: Kind
    title: str
    quote: str
    and_quote: str = ""

    @property
    def setting_aside_needs_reason(self) -> bool:
        """Whether NOT APPROPRIATE needs a reason and is listed to the manager.

        False at Low ("may include"), True from Medium ("will include") and for the exceptional items.
        """
        return self.tier is not Tier.LOW

    @property
    def source(self) -> str:
        """The citation, with the section of the offer."""
        return cite("OFFER", "exceptional circumstances" if self.tier is None else f"{self.tier.value} risk")

    @property
    def status(self) -> Status:
        """Every item is stated in the offer."""
        return Status.OFFER


LOW_ITEMS = (
    OfferItem(
        "L01",
        Tier.LOW,
        Kind.ASSESSMENT,
        title="Early Help Assessment (EHA)",
        quote="Complete an Early Help Assessment (EHA) and CRE risk toolkit",
    ),
    OfferItem(
        "L02",
        Tier.LOW,
        Kind.ASSESSMENT,
        title="CRE risk toolkit",
        quote="Complete an Early Help Assessment (EHA) and CRE risk toolkit",
    ),
    OfferItem(
        "L03",
        Tier.LOW,
        Kind.MEETING,
        title="Team Around the Family (TAF) meeting",
        quote="Coordinate a Team Around the Family (TAF) meeting to establish what support is required.",
    ),
    OfferItem(
        "L04",
        Tier.LOW,
        Kind.WORK,
        title="Support to improve school attendance: mentor in school, educational and supportive groups",
        quote="Support to improve school attendance e.g. support within school from mentor and access to "
        "educational and supportive groups",
    ),
    OfferItem(
        "L05",
        Tier.LOW,
        Kind.WORK,
        title="Prevent and reduce absence, isolation and escalation of risk; educate the child about the risks of CRE",
        quote="Preventing and reducing absence, isolation and escalation of risk",
        and_quote="to educate the child about the risks of CRE",
    ),
    OfferItem(
        "L06",
        Tier.LOW,
        Kind.WORK,
        title="Healthy relationships and rights work: standards, consent, self-esteem, risks online and offline",
        quote="Healthy relationships and rights work, such as standards for relationships, in different contexts, "
        "understanding consent, building self-esteem, understanding on and offline risks to CRE",
    ),
    OfferItem(
        "L07",
        Tier.LOW,
        Kind.REFERRAL,
        title="Diversionary activities: multi-agency teams, family structures, voluntary sector referrals",
        quote="Diversionary activities through multi agency teams, family structures and voluntary sector referrals.",
    ),
    OfferItem(
        "L08",
        Tier.LOW,
        Kind.WORK,
        title="Introduction to positive activities and positive friendships",
        quote="Introduction to positive activities and positive friendships",
    ),
    OfferItem(
        "L09",
        Tier.LOW,
        Kind.INTELLIGENCE,
        title="Share relevant information of concern: Operation Liberty form",
        quote="Share relevant information of concern via Operation Liberty Forms",
    ),
    OfferItem(
        "L10",
        Tier.LOW,
        Kind.REFERRAL,
        title="Safe and Sound: low level prevention work and parenting support",
        quote="Referral to Safe and Sound for low level prevention work and parenting support",
    ),
    OfferItem(
        "L11",
        Tier.LOW,
        Kind.WORK,
        title="Work with parents as partners to reduce the risk (unless considered complicit)",
        quote="Work with Parents as partners to reduce the risk (unless considered complicit)",
    ),
    OfferItem(
        "L12",
        Tier.LOW,
        Kind.MONITORING,
        title="Monitor for escalation of risks",
        quote="to provide appropriate low-level support and monitor for escalation of risks.",
    ),
)

MEDIUM_ITEMS = (
    OfferItem(
        "M01",
        Tier.MEDIUM,
        Kind.ESCALATION,
        title="Escalation: EHA to the Vulnerable Child Meeting, or Initial Response Team, or existing social "
        "worker, or existing MAT worker; section 47 follows the usual procedures",
        quote="Submit EHA to Local Authority Vulnerable Child Meeting or referral to Initial Response Team or "
        "existing SW or MAT worker to escalate; if S47 follow usual procedures",
    ),
    OfferItem(
        "M02",
        Tier.MEDIUM,
        Kind.ASSESSMENT,
        title="Risk Assessment Toolkit and Single Assessment; DDSCP threshold met",
        quote="Complete the Risk Assessment Toolkit and Single Assessment and note what threshold (using DDSCP "
        "Threshold Document) is met for intervention",
    ),
    OfferItem(
        "M03",
        Tier.MEDIUM,
        Kind.DECISION,
        title="CRE flowchart: manager consults agencies, CPM threshold discussion, the appropriate meeting "
        "(CP, CIN, LAC)",
        quote="Follow CRE flowchart; Manager to consult with agencies and then hold a CPM threshold discussion to "
        "agree and organise the appropriate meeting (CP, CIN, LAC) Note CRE risks can be reviewed in all "
        "levels of meeting agreed.",
    ),
    OfferItem(
        "M04",
        Tier.MEDIUM,
        Kind.PARTICIPATION,
        title="Child and family involved and invited to meetings as partners in safeguarding (unless complicit)",
        quote="Child and Family to be involved and invited to meetings as partners in safeguarding (unless "
        "complicit in the abuse).",
    ),
    OfferItem(
        "M05",
        Tier.MEDIUM,
        Kind.WORK,
        title="Every vulnerability supported, with an action plan agreed in the CRE or CP meeting",
        quote="Any vulnerability identified, supported and an action plan agreed in CRE or CP meeting to address "
        "all concerns, i.e. Crime Prevention Team, Modern Slavery Team and County Lines/CRE team "
        "support/oversight",
    ),
    OfferItem(
        "M06",
        Tier.MEDIUM,
        Kind.REFERRAL,
        title="Specialist CRE support for young person and parents: CHISVA, Derbyshire Cares (Catch 22)",
        quote="Referral for specialist CRE support for young person and parents including CHISVA and Derbyshire "
        "Cares (Catch 22)",
    ),
    OfferItem(
        "M07",
        Tier.MEDIUM,
        Kind.REFERRAL,
        title="Barnardo's, if modern slavery is identified",
        quote="Barnardo's if there is modern slavery identified etc.",
    ),
    OfferItem(
        "M08",
        Tier.MEDIUM,
        Kind.REFERRAL,
        title="Offer of therapeutic support: CAMHS, CAU, SV2, STEPS, Women's Work etc.",
        quote="Offer of therapeutic support from CAMHS, CAU, SV2, STEPS, and Women's Work etc.",
    ),
    OfferItem(
        "M09",
        Tier.MEDIUM,
        Kind.REFERRAL,
        title="Offer of positive mentoring and diversionary activities",
        quote="Offer of positive mentoring and diversionary activities",
    ),
    OfferItem(
        "M10",
        Tier.MEDIUM,
        Kind.REFERRAL,
        title="Specialist services via the CIN, CP or LAC meeting",
        quote="Referral to specialist services via CIN/CP/LAC meeting.",
    ),
    OfferItem(
        "M11",
        Tier.MEDIUM,
        Kind.NETWORK,
        title="Identify connected individuals who may increase risks or be at risk themselves, and refer",
        quote="Identify connected individuals who may increase risks or may themselves be at risk and refer "
        "appropriately",
    ),
    OfferItem(
        "M12",
        Tier.MEDIUM,
        Kind.MONITORING,
        title="Close monitoring for any escalation in risk",
        quote="Close monitoring for any escalation in risk",
    ),
    OfferItem(
        "M13",
        Tier.MEDIUM,
        Kind.SUPPORT,
        title="Support before, during and after court",
        quote="Support before, during and after court",
    ),
    OfferItem(
        "M14",
        Tier.MEDIUM,
        Kind.INTELLIGENCE,
        title="Share intelligence on persons or places; co-ordinated disruption or other appropriate police action",
        quote="Shared intelligence re persons or places that pose a risk to the child and coordinated disruption or "
        "other appropriate police action via Operation Liberty Forms and professional core groups/network "
        "meetings etc.",
    ),
)

HIGH_ITEMS = (
    OfferItem(
        "H01",
        Tier.HIGH,
        Kind.POLICE,
        title="CRE trigger plan on the police systems and allocated police officer",
        quote="CRE trigger plan on the Police systems and allocated police officer",
    ),
    OfferItem(
        "H02",
        Tier.HIGH,
        Kind.MEETING,
        title="Discussion at the high-risk Police and Partners Tasking Meetings",
        quote="Discussion at the high-risk Police and Partners Tasking Meetings",
    ),
    OfferItem(
        "H03",
        Tier.HIGH,
        Kind.FUNDING,
        title="Consider additional funding, such as priority families",
        quote="Consideration for additional funding opportunities to support the work such as priority families",
    ),
    OfferItem(
        "H04",
        Tier.HIGH,
        Kind.REFERRAL,
        title="Intensive support from specialist contracted CRE services, social care and therapeutic services",
        quote="Intensive support from specialist contracted CRE services, social care and therapeutic services",
    ),
    OfferItem(
        "H05",
        Tier.HIGH,
        Kind.MEETING,
        title="Strategy meetings as required; consider a Child Protection plan",
        quote="Strategy meetings as required in line with local procedures, with consideration of the need for a "
        "Child protection plan – depending largely on risk of significant harm and family ability to protect "
        "and report concerns appropriately",
    ),
    OfferItem(
        "H06",
        Tier.HIGH,
        Kind.POLICE,
        title="Co-ordinated police investigation and multi-agency support to aid prosecution",
        quote="Coordinated police investigation and multi-agency support to aid prosecution of any identified "
        "offenders, places, or persons of concern",
    ),
)

EXCEPTIONAL_ITEMS = (
    OfferItem(
        "X01",
        None,
        Kind.EXCEPTIONAL,
        title="Coming into care as a protective measure",
        quote="In exceptional circumstances children may come into care as a protective measure.",
    ),
    OfferItem(
        "X02",
        None,
        Kind.EXCEPTIONAL,
        title="Secure placement",
        quote="We would rarely consider secure placements unless all other measures would fail to protect the "
        "child, or they are high risk to self or others. Note there has to be no other option available "
        "before secure placements can be considered.",
    ),
)

OFFER: tuple[OfferItem, ...] = LOW_ITEMS + MEDIUM_ITEMS + HIGH_ITEMS + EXCEPTIONAL_ITEMS
"""Every item of the offer, in its order; the exceptional ones last."""

ITEMS: Mapping[str, OfferItem] = MappingProxyType({item.code: item for item in OFFER})
"""Every item of the offer by its code."""


def items_for(tier: Tier) -> tuple[OfferItem, ...]:
    """The items a plan at `tier` holds: its own and those of every lower tier. 12, 26 or 32; never X01 or X02."""
    return tuple(item for item in OFFER if item.tier is not None and item.tier <= tier)


def items_above(tier: Tier, up_to: Tier) -> tuple[OfferItem, ...]:
    """The items that `up_to` has and `tier` has not.

    Added when the tier rises from `tier` to `up_to`; each ended or continued with a reason when it falls back; and,
    for Low and Medium, on hold while Low waits for the CPM. Empty if `up_to` is not higher.
    """
    return tuple(item for item in items_for(up_to) if item not in items_for(tier))


def needs_reason(item: OfferItem, disposition: Disposition) -> bool:
    """True if this disposition of this item must be given with a reason.

    DECLINED and UNAVAILABLE always; NOT APPROPRIATE from Medium up. Source: the offer ("may", "will"); local ruling.
    """
    if disposition is Disposition.NOT_APPROPRIATE:
        return item.setting_aside_needs_reason
    return disposition in {Disposition.DECLINED, Disposition.UNAVAILABLE}


def needs_name(disposition: Disposition) -> bool:
    """True if this disposition must say who: who already provides it, who declined it."""
    return disposition in {Disposition.ALREADY_PROVIDED, Disposition.DECLINED}
