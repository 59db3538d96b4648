"""The catalogue beside the service offer."""

import re
from pathlib import Path

import pytest

import offer
from offer import Status
from offer.catalogue import ITEMS, OFFER, Disposition, Kind, items_above, items_for, needs_name, needs_reason
from offer.tiers import Tier

OFFER_TEXT = (Path(offer.__file__).parent / "SERVICE-OFFER.txt").read_text(encoding="utf-8")
LOW = [f"L{n:02}" for n in range(1, 13)]
MEDIUM = [f"M{n:02}" for n in range(1, 15)]
HIGH = [f"H{n:02}" for n in range(1, 7)]
EACH = [pytest.param(item, id=item.code) for item in OFFER]


def words(text):
    return " ".join(text.split())


def sections():
    """The offer's text under each of its three headings, line by line."""
    _, low, medium, high = re.split(r"Services for children (?:at|with a) (?:Low|Medium|High) Risk.*\n", OFFER_TEXT)
    high = high.split("In exceptional circumstances")[0]
    return {
        tier: [words(line) for line in text.splitlines() if line.strip()]
        for tier, text in zip(Tier, (low, medium, high), strict=True)
    }


@pytest.mark.parametrize(
    ("tier", "codes"),
    [
        pytest.param(Tier.LOW, LOW, id="Low: 12"),
        pytest.param(Tier.MEDIUM, LOW + MEDIUM, id="Medium: all of the above and 14"),
        pytest.param(Tier.HIGH, LOW + MEDIUM + HIGH, id="High: all of the above and 6"),
    ],
)
def test_the_items_of_a_tier(tier, codes):
    assert [item.code for item in items_for(tier)] == codes


def test_the_counts_are_12_26_and_32():
    assert [len(items_for(tier)) for tier in Tier] == [12, 26, 32]


def test_the_exceptional_items_are_in_the_offer_and_in_no_tier():
    assert [item.code for item in OFFER] == [*LOW, *MEDIUM, *HIGH, "X01", "X02"]
    assert {item.code for item in OFFER if item.tier is None} == {"X01", "X02"}
    assert all(item.kind is Kind.EXCEPTIONAL for item in OFFER if item.tier is None)


def test_items_by_code():
    assert list(ITEMS) == [item.code for item in OFFER]
    assert ITEMS["H01"].title == "CRE trigger plan on the police systems and allocated police officer"


@pytest.mark.parametrize("item", EACH)
def test_an_item_quotes_the_offer_word_for_word(item):
    text = words(OFFER_TEXT)
    assert words(item.quote) in text
    assert words(item.and_quote) in text


@pytest.mark.parametrize("item", [param for param in EACH if param.values[0].tier])
def test_an_item_stands_under_the_heading_of_its_tier(item):
    assert words(item.quote) in " ".join(sections()[item.tier])


@pytest.mark.parametrize("tier", list(Tier))
def test_no_line_of_the_offer_is_left_without_an_item(tier):
    own = [item for item in OFFER if item.tier is tier]
    quotes = [words(quote) for item in own for quote in (item.quote, item.and_quote) if quote]
    prose = {"Actions may include:", "All of the above and:"}
    without = [line for line in sections()[tier] if line not in prose and not any(quote in line for quote in quotes)]
    introduction = (
        "These children need assessment by social care and involvement of the Local Authority to provide and "
        "co-ordinate services and support to them. Actions will include all of the above and:"
    )
    assert without == ([introduction] if tier is Tier.MEDIUM else [])


@pytest.mark.parametrize("item", EACH)
def test_an_item_has_a_source_and_a_status(item):
    assert item.source.startswith("Derby CRE service offer, ")
    assert item.status is Status.OFFER
    assert item.title


@pytest.mark.parametrize("item", EACH)
def test_low_may_and_medium_will(item):
    assert needs_reason(item, Disposition.NOT_APPROPRIATE) is not item.code.startswith("L")
    assert item.setting_aside_needs_reason is not item.code.startswith("L")


@pytest.mark.parametrize("item", EACH)
@pytest.mark.parametrize("disposition", list(Disposition))
def test_other_dispositions_need_a_reason_whatever_the_item(item, disposition):
    if disposition is not Disposition.NOT_APPROPRIATE:
        assert needs_reason(item, disposition) is (disposition.name in {"DECLINED", "UNAVAILABLE"})


def test_who_is_named():
    assert {d for d in Disposition if needs_name(d)} == {Disposition.ALREADY_PROVIDED, Disposition.DECLINED}


@pytest.mark.parametrize(
    ("tier", "up_to", "codes"),
    [
        pytest.param(Tier.LOW, Tier.MEDIUM, MEDIUM, id="raised by one, or on hold while Low waits"),
        pytest.param(Tier.LOW, Tier.HIGH, MEDIUM + HIGH, id="raised by two"),
        pytest.param(Tier.MEDIUM, Tier.HIGH, HIGH, id="Medium to High"),
        pytest.param(Tier.HIGH, Tier.LOW, [], id="nothing is added on the way down"),
        pytest.param(Tier.LOW, Tier.LOW, [], id="nothing is added by staying"),
    ],
)
def test_what_a_tier_adds(tier, up_to, codes):
    assert [item.code for item in items_above(tier, up_to)] == codes


def test_codes_are_unique_and_items_cannot_be_changed():
    assert len({item.code for item in OFFER}) == len(OFFER) == 34
    with pytest.raises(AttributeError):
        OFFER[0].title = "another"
