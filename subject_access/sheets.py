"""The answer as it is printed: what the file says of whoever asks, less what is kept back."""

from collections.abc import Iterator

from plans.copies.sheets import Section, Sheet, paragraphs
from subject_access.answers import Draft
from subject_access.kinds import CHAPTERS

MARK = "PRIVATE"
ABOUT = """\
You asked to see what is written down. Here it is, in the words of the people who wrote it.
Reading it can be hard. You can ask the worker who gave it to you to read it with you, and to explain it.
Where it says [kept back], words are left out because the law says that they must or may be. Whole pages can be left \
out for the same reason. What the police hold is not here: ask them for it."""
RIGHTS = """\
If something here is wrong, you can ask us to put it right.
If you think that too much is left out, you can ask us to look again, and you can complain to the Information \
Commissioner: ico.org.uk, telephone 0303 123 1113."""


def record_sheet(draft: Draft) -> Sheet:
    """What is given to whoever asked, as it stands now."""
    asked = draft.asked
    return Sheet(
        title=f"Record, {asked.case.reference}",
        heading="What is written down about you" if not asked.person_id else "What you asked to see",
        caption=f"For {asked.asker_name}",
        mark=MARK,
        footer=f"{asked.case.reference}. For {asked.asker_name}",
        sections=(
            Section("Before you read", "text", paragraphs(ABOUT)),
            *_chapters(draft),
            Section("What you can do", "text", paragraphs(RIGHTS)),
        ),
    )


def _chapters(draft: Draft) -> Iterator[Section]:
    for chapter, lines in draft.by_chapter().items():
        given = [(draft.title_of(line), line.given) for line in lines if line.given]
        if given:
            yield Section(CHAPTERS[chapter], "text")
        for title, words in given:
            yield Section(title, "text", paragraphs(words))
