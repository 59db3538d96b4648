"""The rules of the Derby CRE service offer, to be read beside the offer itself (SERVICE-OFFER.txt in this folder).

Plain Python: no Django, no database, no clock. Every function is told the facts and the day, and answers from them
alone, so the same facts always give the same answer. Every row cites its source and says whether it is statute,
statutory guidance, the service offer, a local procedure or a local target that somebody proposed.

    sources            where a rule comes from, and how much it binds
    working_days       which days count in England
    months, ages       calendar months and birthdays, 29 February included
    counting           how a limit is counted: hours, working days, calendar days, months
    timescales         every clock: TS- (law and guidance), TG- and RV- (local targets), MR- (reporting duties)
    tiers              Low, Medium, High: the suggestion, the guard on Low, the floor while Low waits
    catalogue          what the offer gives at each tier: 12, 26 and 32 items
    duties             who must report what to whom
    exploitation_types the kinds of exploitation the offer and its procedures name
    transition         from 17: when adult social care is considered
"""

from offer.sources import OFFER_VERSION, SOURCES, Source, Status

__all__ = ["OFFER_VERSION", "SOURCES", "Source", "Status"]
