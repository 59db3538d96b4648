"""Words that put the blame on a child, and what to write instead.

A hint, never a refusal: a worker may have to write down what somebody said. The child's own words are never hinted at.

Source: DOMAIN 1.3, after the Children's Society and CSE taskforce guide on language; which phrases is [PROPOSED].
"""

import re
from collections.abc import Mapping

INSTEAD: Mapping[str, str] = {
    r"(?:put|puts|putting|plac(?:e|es|ing)) (?:him|her|them)sel(?:f|ves) at risk": "is being exploited, or may be",
    r"(?:young|under-?age) (?:woman|man|women|men)": "child, or young person",
    r"lifestyle choices?": "what is being done to the child, and by whom",
    r"(?:child )?prostitut(?:e|es|ion|ing)": "sexual exploitation of a child",
    r"promiscu(?:ous|ity)": "what happened, and who is responsible",
    r"money mules?": "child whose bank account is exploited",
    r"drug (?:runner|running|dealer|mule)s?": "child made to carry or sell drugs",
    r"in a relationship with (?:an adult|an older|a man|a grown)": "is being abused or controlled by",
    r"(?:involved|engag(?:e|es|ed|ing)) in (?:CSE|CCE|(?:sexual|criminal) exploitation)": "is being exploited",
    r"(?:sexually active with|having sex with) (?:an adult|an older|a man|a grown)": "is being sexually abused by",
    r"(?:street ?wise|asking for it|knows? what (?:he|she|they) (?:is|are) doing)": "what happened, and nothing more",
    r"(?:won['’]t|will not|refus(?:es|ed|ing) to) engage": "what was offered, how, and why it may not feel safe",
    r"attention.seeking": "what the child needs",
}
"""A pattern, as it is typed in any case, and what says the same without blame."""

_BLAMING = [(re.compile(rf"\b{pattern}\b", re.IGNORECASE), instead) for pattern, instead in INSTEAD.items()]


def kinder_words(text: str) -> dict[str, str]:
    """The blaming phrases of a text as they are written, each once, with what may be written instead; empty if none."""
    found: dict[str, str] = {}
    for pattern, instead in _BLAMING:
        for match in pattern.finditer(text):
            found.setdefault(match[0].lower(), instead)
    return found
