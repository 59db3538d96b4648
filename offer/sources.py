"""Where each rule comes from, and how much it binds.

A row of this package cites its source in words (`cite`) and carries a `Status`. Nothing proposed may be shown as law.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

OFFER_VERSION = "2026-11-23"
"""Stamped on what used these rules: the day to which the law, the guidance and the offer are stated."""


class Status(Enum):
    """How much a rule binds. The value is the label a screen shows."""

    STATUTE = "Statute"
    STATUTORY_GUIDANCE = "Statutory guidance"
    OFFER = "Service offer"
    LOCAL = "Local procedure"
    PROPOSED = "Local target (proposed)"

    @property
    def is_fixed_nationally(self) -> bool:
        """True if no local setting may change the rule: statute and statutory guidance."""
        return self in {Status.STATUTE, Status.STATUTORY_GUIDANCE}


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules are taken from.

    title: as cited on the screen.
    where: where to read it.
    to_check: what has to be checked against its text before live use; empty when nothing is known to be open.
    """

    title: str
    where: str
    to_check: str = ""


SOURCES: Mapping[str, Source] = MappingProxyType(
    {
        "OFFER": Source("Derby CRE service offer", "offer/SERVICE-OFFER.txt"),
        "CA1989": Source("Children Act 1989", "legislation.gov.uk/ukpga/1989/41"),
        "CA2004": Source("Children Act 2004", "legislation.gov.uk/ukpga/2004/31"),
        "FGM2003": Source("Female Genital Mutilation Act 2003", "legislation.gov.uk/ukpga/2003/31"),
        "FLA1996": Source("Family Law Act 1996", "legislation.gov.uk/ukpga/1996/27"),
        "MSA2015": Source("Modern Slavery Act 2015", "legislation.gov.uk/ukpga/2015/30"),
        "CTSA2015": Source("Counter-Terrorism and Security Act 2015", "legislation.gov.uk/ukpga/2015/6"),
        "CPA2026": Source(
            "Crime and Policing Act 2026",
            "legislation.gov.uk/ukpga/2026/20",
            "Section numbers and commencement of the duty to report child sexual abuse are not confirmed.",
        ),
        "UKGDPR": Source("UK GDPR", "legislation.gov.uk/eur/2016/679"),
        "DPA2018": Source("Data Protection Act 2018", "legislation.gov.uk/ukpga/2018/12"),
        "CARE_PLANNING": Source(
            "Care Planning, Placement and Case Review (England) Regulations 2010", "legislation.gov.uk/uksi/2010/959"
        ),
        "SECURE_1991": Source("Children (Secure Accommodation) Regulations 1991", "legislation.gov.uk/uksi/1991/1505"),
        "HOMES_2015": Source("Children's Homes (England) Regulations 2015", "legislation.gov.uk/uksi/2015/541"),
        "WT": Source(
            "Working Together to Safeguard Children",
            "gov.uk/government/publications/working-together-to-safeguard-children--2",
            "Limits are those of the 2018 and 2023 editions; chapter 3 of the 2026 edition is to be checked.",
        ),
        "IRO": Source("IRO Handbook 2010", "gov.uk/government/publications/independent-reviewing-officers-handbook"),
        "MISSING_2014": Source(
            "Statutory guidance on children who run away or go missing from home or care 2014",
            "gov.uk/government/publications/children-who-run-away-or-go-missing-from-home-or-care",
        ),
        "FGM_PROCEDURE": Source(
            "Home Office: mandatory reporting of FGM, procedural information",
            "gov.uk/government/publications/mandatory-reporting-of-female-genital-mutilation-procedural-information",
        ),
        "NRM": Source(
            "Modern Slavery Act 2015 statutory guidance (section 49)",
            "gov.uk/government/publications/modern-slavery-how-to-identify-and-support-victims",
            "Whether Derby takes part in the pilot of devolved decisions for children is not known.",
        ),
        "FORCED_MARRIAGE": Source(
            "Forced marriage statutory guidance (Family Law Act 1996, section 63Q)",
            "gov.uk/government/publications/the-right-to-choose-government-guidance-on-forced-marriage",
        ),
        "PREVENT": Source(
            "Prevent and Channel duty guidance 2023",
            "gov.uk/government/publications/channel-and-prevent-multi-agency-panel",
        ),
        "PANEL": Source(
            "Child Safeguarding Practice Review Panel guidance", "childsafeguarding.independent-panel.uk/about/faqs"
        ),
        "PLWG": Source(
            "Public Law Working Group best practice guidance",
            "judiciary.uk/guidance-and-resources/public-law-working-group-reports",
            "A recommendation, not law.",
        ),
        "CPIS": Source("NHS Child Protection Information Sharing (CP-IS)", "digital.nhs.uk/services/cp-is"),
        "DERBY_IRT": Source(
            "Derby City children's social care procedures: Initial Response Team",
            "derbycsc.proceduresonline.com/p_first_contact_team.html",
        ),
        "DDSCP": Source(
            "Derby and Derbyshire Safeguarding Children Partnership procedures",
            "derbyshirescp.trixonline.co.uk",
            "The current CRE form, flowchart, definitions of the tiers and review intervals are awaited.",
        ),
        "CONVENTION": Source(
            "Usual practice of local authorities, to be confirmed for Derby", "docs/adr/0005-rules-in-code.md"
        ),
        "PROJECT": Source(
            "Target proposed by the makers of this system, for the partnership to confirm",
            "docs/adr/0005-rules-in-code.md",
        ),
    }
)


def cite(key: str, provision: str = "") -> str:
    """The citation of a source as the screen shows it, such as "Children Act 1989, section 47".

    key: a key of SOURCES. provision: section, regulation, chapter or remark; may be empty.
    Raises KeyError if the source is not registered, so that no row can cite a document nobody listed.
    """
    title = SOURCES[key].title
    return f"{title}, {provision}" if provision else title
