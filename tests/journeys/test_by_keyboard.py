"""An assessment from the list of children to its submission, and the decision on it, with the keyboard alone; and how
many acts that takes. An act is Enter, Space, or the arrows that choose one of a group; typing is not counted.
"""

from tests.counted import COUNTED
from tests.journeys.steps import born, child_comes_to, in_days

MOST_TABS = 120
SECTIONS = "ABCDEFGJKVN"
FOUND = {"F": "F02"}


class Keyboard:
    """Somebody who has no mouse: Tab goes to a field, what is typed goes where the focus is."""

    def __init__(self, walker) -> None:
        self.walker, self.page = walker, walker.page
        self.acts = 0

    def comes_to(self, selector: str) -> None:
        """Tab by Tab, so whatever cannot be reached so is not reached at all. Where the focus is can be seen."""
        for _ in range(MOST_TABS):
            focused = self.page.locator("*:focus")
            if focused.count() and focused.evaluate("(field, selector) => field.matches(selector)", selector):
                shown = focused.evaluate(
                    "field => { const look = getComputedStyle(field.type === 'radio' || field.type === 'checkbox'"
                    " ? field.nextElementSibling : field, field.type === 'radio' || field.type === 'checkbox'"
                    " ? '::before' : null); return look.outlineStyle !== 'none' || look.boxShadow !== 'none' }"
                )
                assert shown, f"the focus on {selector} cannot be seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} was not reached with Tab")

    def act(self, key: str) -> None:
        self.acts += 1
        self.page.keyboard.press(key)
        self.page.wait_for_load_state()

    def follows(self, selector: str) -> None:
        self.comes_to(selector)
        self.act("Enter")

    def presses(self, words: str) -> None:
        button = self.page.get_by_role("button", name=words, exact=True).first
        self.page.wait_for_load_state()
        mark = "data-wanted-by-a-test"
        button.evaluate("(button, mark) => button.setAttribute(mark, '')", mark)
        with self.page.expect_navigation():
            self.follows(f"[{mark}]")

    def types(self, name: str, text: str) -> None:
        self.comes_to(f'[name="{name}"]')
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def types_day(self, name: str, day) -> None:
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year)):
            self.types(f"{name}_{part}", str(value))

    def chooses(self, name: str, value: str) -> None:
        """One of a group of radio buttons: Tab to the group, then the arrows, or Space for the first."""
        self.comes_to(f'[name="{name}"]')
        values = self.page.locator(f'[name="{name}"]').evaluate_all("group => group.map(one => one.value)")
        at = self.page.locator("*:focus").evaluate("one => one.value")
        steps = values.index(value) - values.index(at)
        for _ in range(abs(steps)):
            self.page.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        if not steps:
            self.page.keyboard.press("Space")
        self.acts += 1
        assert self.page.locator(f'[name="{name}"]:checked').evaluate("one => one.value") == value


def asked_alone(walker) -> list[str]:
    """The names of the critical items of a page."""
    whys = walker.page.locator("[name^=why_]").evaluate_all("all => all.map(one => one.name)")
    return [name.replace("why_", "answer_") for name in whys]


def writes(hands: Keyboard, *, rest: str, is_review: bool) -> int:
    """From the child's own words to the submission. Returns how many items were answered by themselves."""
    walker, alone = hands.walker, 0
    hands.types("child_words", "It is mine.")
    hands.chooses("voice", "alone")
    hands.types_day("voice_on", in_days(-2))
    hands.presses("Save and continue")
    hands.presses("No other type found: save and continue")
    for section in SECTIONS:
        assert walker.page.url.endswith(f"/items/{section}/")
        for name in asked_alone(walker) if is_review else ():
            hands.chooses(name, "none")
            alone += 1
        if section in FOUND:
            hands.chooses(f"answer_{FOUND[section]}", "current")
            hands.types("evidence", "Her form tutor saw it.")
            hands.types("source", "School")
            alone += 1
        hands.presses(rest)
    hands.types("factor_PF01", "Strong")
    hands.types("evidence", "Her aunt, each day.")
    hands.presses("Save and continue")
    hands.types("people_and_places", "None known")
    hands.presses("Save and continue")
    for name in ("worried_about", "working_well", "would_make_worse", "not_known_yet"):
        hands.types(name, "A telephone that she hides; her aunt; leaving school; who rings.")
    hands.chooses("threshold_level", "emerging")
    hands.chooses("proposed", "low")
    hands.types("reason", "One sign, and a strong aunt.")
    hands.presses("Submit")
    walker.sees("The assessment is submitted")
    return alone


def begins(hands: Keyboard, path: str) -> None:
    hands.walker.goes_to("/")
    hands.follows(f'main a[href^="/{path}/assessments/new/"]')


def test_an_assessment_is_written_decided_and_reviewed_with_the_keyboard_alone(walk):
    file = child_comes_to(walk, "social.worker", given="Iola", family="Quist", birth=born(15))
    path = file.split("//", 1)[1].split("/", 1)[1]
    worker, manager = walk("social.worker"), walk("team.manager")

    first = Keyboard(worker)
    begins(first, path)
    first.types_day("concern_on", in_days(-3))
    first.types("sources_used", "A visit, and the school")
    first.presses("Start")
    alone = asked_alone(worker)
    for name in alone:
        first.chooses(name, "none")
    first.types("worried_about", "A telephone that she hides.")
    first.presses("Save and continue")
    worker.sees("no critical item is present or suspected")
    by_themselves = len(alone) + writes(first, rest="Nothing else known: save and continue", is_review=False)
    COUNTED["acts of a first assessment, beside one for each item answered by itself"] = first.acts - by_themselves
    assert first.acts - by_themselves <= 22

    manager.goes_to("/decisions/")
    decision = Keyboard(manager)
    decision.follows(f'main a[href^="/{path}/proposals/"]')
    decision.chooses("decided", "low")
    decision.types("reason", "I agree.")
    decision.presses("Record decision")
    manager.sees("Low")
    COUNTED["acts of a decision on a tier"] = decision.acts
    assert decision.acts == 3

    review = Keyboard(worker)
    begins(review, path)
    review.types_day("concern_on", in_days(-1))
    review.types("sources_used", "A visit")
    review.presses("Start")
    by_themselves = writes(review, rest="Rest as last time: save and continue", is_review=True)
    COUNTED["acts of a review, beside one for each item answered by itself"] = review.acts - by_themselves
    assert review.acts - by_themselves <= 21
