"""Response processing: the published templates by name, and of custom rules the comparisons that we understand."""

from dataclasses import dataclass

from lxml import etree

from assessments.adapters.qti.plain_text import all_text

MATCH = "match_correct"
MAP = "map_response"
CUSTOM = "custom"
NONE = "none"

# Templates by the last part of their address, which every version of QTI has elsewhere.
_TEMPLATES = {MATCH: MATCH, "CC2_match": MATCH, "CC2_match_basic": MATCH, MAP: MAP, "CC2_map_response": MAP}
_COMPARISONS = {"match", "equal", "equalRounded", "stringMatch"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of the response with `values`, or with the correct response (None); `rule` says how."""

    values: tuple[str, ...] | None
    rule: etree._Element

    @property
    def name(self) -> str:
        return str(self.rule.tag)


@dataclass(frozen=True, slots=True)
class Processing:
    """How an item is scored: by a template, by custom rules, or by none.

    `comparisons` are those of custom rules that earn full points; `is_understood` says that there is nothing else.
    """

    kind: str
    element: etree._Element | None
    comparisons: tuple[Comparison, ...] = ()
    is_understood: bool = True


def processing_of(item: etree._Element, response: str) -> Processing:
    """Return how an item with this one response is scored."""
    element = item.find("responseProcessing")
    if element is None:
        return Processing(NONE, None)
    rules = [rule for rule in element if isinstance(rule.tag, str)]
    if address := element.get("template", "").strip():
        name = address.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml")
        kind = _TEMPLATES.get(name, CUSTOM)
        return Processing(kind, element, is_understood=kind != CUSTOM)
    if not rules:
        return Processing(NONE, element)
    comparisons = _full_comparisons(element, response)
    return Processing(CUSTOM, element, comparisons, bool(comparisons) and _is_one_plain_condition(rules, comparisons))


def _full_comparisons(element: etree._Element, response: str) -> tuple[Comparison, ...]:
    """The comparisons of the first branch that compares the response, and of those beside it with the same score."""
    for condition in element.iter("responseCondition"):
        branches = [branch for branch in condition if branch.tag in {"responseIf", "responseElseIf"}]
        found = [(_comparisons(branch, response), _score(branch)) for branch in branches]
        full = next((score for comparisons, score in found if comparisons), None)
        if full is not None:
            return tuple(one for comparisons, score in found if score == full for one in comparisons)
    return ()


def _comparisons(branch: etree._Element, response: str) -> list[Comparison]:
    return [found for test in _tests(branch) if (found := _comparison(test, response))]


def _tests(branch: etree._Element) -> list[etree._Element]:
    """The condition of a branch, or the conditions of which one must hold."""
    tests = list(branch.iterchildren("*"))[:1]
    while tests and tests[0].tag in {"and", "or"} and len(within := list(tests[0].iterchildren("*"))) == 1:
        tests = within
    return list(tests[0].iterchildren("*")) if tests and tests[0].tag == "or" else tests


def _comparison(test: etree._Element, response: str) -> Comparison | None:
    sides = [side for side in test if isinstance(side.tag, str)]
    if test.tag not in _COMPARISONS or len(sides) != 2:
        return None
    names = [side.get("identifier") if side.tag in {"variable", "correct"} else None for side in sides]
    if sides[0].tag != "variable" or names[0] != response:
        sides, names = sides[::-1], names[::-1]
    if sides[0].tag != "variable" or names[0] != response:
        return None
    other = sides[1]
    if other.tag == "correct" and names[1] == response:
        return Comparison(None, test)
    if other.tag == "baseValue":
        return Comparison((all_text(other).strip(),), test)
    parts = list(other.iterchildren("*"))
    if other.tag in {"multiple", "ordered"} and parts and all(part.tag == "baseValue" for part in parts):
        return Comparison(tuple(all_text(part).strip() for part in parts), test)
    return None


def _score(branch: etree._Element) -> tuple[str, ...]:
    """What a branch sets SCORE to, so that two branches can be compared."""
    for setting in branch.iterchildren("setOutcomeValue"):
        if setting.get("identifier") == "SCORE":
            return tuple(
                f"{part.tag} {part.get('identifier', '')} {(part.text or '').strip()}" for part in setting.iter("*")
            )
    return ()


def _is_one_plain_condition(rules: list[etree._Element], comparisons: tuple[Comparison, ...]) -> bool:
    """Whether the rules say no more than: one of these comparisons earns the point, anything else none."""
    if len(rules) != 1 or rules[0].tag != "responseCondition":
        return False
    branches = list(rules[0].iterchildren("*"))
    if [branch.tag for branch in branches] not in (["responseIf"], ["responseIf", "responseElse"]):
        return False
    settings = list(rules[0].iter("setOutcomeValue"))
    if any(setting.get("identifier") != "SCORE" for setting in settings):
        return False
    otherwise = [all_text(setting).strip() for branch in branches[1:] for setting in branch.iter("setOutcomeValue")]
    return len(_tests(branches[0])) == len(comparisons) and set(otherwise) <= {"0", "0.0"}
