"""When an answer to a subject access request may be given, and on which grounds words are kept back."""

from itertools import product

import pytest

from offer.subject_access import Answer, Asker, Ground, grounds_for, release_objections

EVERY = list(product((0, 1, 3), (0, 2), ((), ("Note",)), *[(False, True)] * 2))


@pytest.mark.parametrize(("undecided", "unseen", "named", "barred", "same"), EVERY)
def test_each_thing_that_stands_in_the_way_is_one_sentence(undecided, unseen, named, barred, same):
    answer = Answer(undecided=undecided, unseen=unseen, named=named, barred=barred, prepared_by_same=same)
    objections = release_objections(answer)
    assert len(objections) == (undecided > 0) + (unseen > 0) + len(named) + barred + same
    assert barred == any("Refuse the request" in one for one in objections)
    assert (undecided == 1) == any(one.startswith("One passage is") for one in objections)
    assert (undecided == 3) == any(one.startswith("3 passages are") for one in objections)
    assert bool(unseen) == any("not see" in one for one in objections)
    assert bool(named) == any("“Note” names somebody" in one for one in objections)
    assert same == any("somebody else must read it" in one for one in objections)


def test_what_bars_whoever_asks_comes_first():
    answer = Answer(undecided=2, unseen=1, named=["Note"], barred=True, prepared_by_same=True)
    assert "Refuse the request" in release_objections(answer)[0]


@pytest.mark.parametrize("asker", Asker)
def test_child_abuse_data_is_kept_back_from_a_parent_only(asker):
    assert (Ground.CHILD_ABUSE in grounds_for(asker)) == (asker is Asker.PARENT)
    assert set(Ground) - {Ground.CHILD_ABUSE} <= set(grounds_for(asker))


@pytest.mark.parametrize("ground", Ground)
def test_each_ground_cites_the_act(ground):
    assert ground.source.startswith("Data Protection Act 2018, schedule ")
