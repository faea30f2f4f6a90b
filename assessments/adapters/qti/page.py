"""An item as it is written, in plain names: declarations, body, response processing, feedback, in QTI's order."""

from collections.abc import Mapping, Sequence

from lxml import etree

from assessments.adapters.qti.markup import PASSAGE, PASSAGE_TITLE, write_blocks, write_running
from assessments.adapters.qti.processing import MAP, MATCH
from assessments.adapters.qti.versions import Version

RESPONSE = "RESPONSE"
FEEDBACK = "FEEDBACK"
RATIONALE = "rationale"


class Page:
    """An item to be written; the parts of its body are written in their order, all else in any."""

    def __init__(self, version: Version, identifier: str, title: str) -> None:
        self.version = version
        names = {"identifier": identifier, "title": title, "adaptive": "false", "timeDependent": "false"}
        self.root = etree.Element("assessmentItem", attrib=names)
        self.declaration = self.add(self.root, "responseDeclaration", identifier=RESPONSE)
        self.add(self.root, "outcomeDeclaration", identifier="SCORE", cardinality="single", baseType="float")
        self.body = self.add(self.root, "itemBody")

    def add(self, parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
        """Append an element to another and return it."""
        element = etree.SubElement(parent, name, attrib=attributes)
        element.text = text
        return element

    def declare(self, cardinality: str, base_type: str, right: Sequence[str]) -> None:
        """Say what kind of answer is expected, and the parts of the right one, if there is one."""
        self.declaration.set("cardinality", cardinality)
        self.declaration.set("baseType", base_type)
        if right:
            correct = self.add(self.declaration, "correctResponse")
            for value in right:
                self.add(correct, "value", value)

    def score_by_match(self, cardinality: str, accepted: Sequence[Sequence[str]]) -> None:
        """Full points for the right answer, and for each of the accepted ones."""
        if not accepted:
            self.add(self.root, "responseProcessing", template=self.version.template.format(MATCH))
            return
        either = self.score_if("or")
        self._match_correct(either)
        for answer in accepted:
            comparison = self.add(either, "match")
            self.add(comparison, "variable", identifier=RESPONSE)
            parent = comparison if cardinality == "single" else self.add(comparison, cardinality)
            for part in answer:
                self.add(parent, "baseValue", part, baseType="identifier")

    def _match_correct(self, parent: etree._Element) -> None:
        comparison = self.add(parent, "match")
        self.add(comparison, "variable", identifier=RESPONSE)
        self.add(comparison, "correct", identifier=RESPONSE)

    def score_by_mapping(self, worth: Mapping[str, str], **attributes: str) -> None:
        """Points by the worth of each part of the answer; the attributes hold for each entry of the mapping."""
        mapping = self.add(self.declaration, "mapping", defaultValue="0")
        for answer, points in worth.items():
            self.add(mapping, "mapEntry", mapKey=answer, mappedValue=points, **attributes)
        self.add(self.root, "responseProcessing", template=self.version.template.format(MAP))

    def score_if(self, condition: str) -> etree._Element:
        """Write a rule of our own, one point or none, and return its condition, an element of this name."""
        rule = self.add(self.add(self.root, "responseProcessing"), "responseCondition")
        branch = self.add(rule, "responseIf")
        test = self.add(branch, condition)
        self._set_score(branch, "1")
        self._set_score(self.add(rule, "responseElse"), "0")
        return test

    def _set_score(self, branch: etree._Element, points: str) -> None:
        self.add(self.add(branch, "setOutcomeValue", identifier="SCORE"), "baseValue", points, baseType="float")

    def write_passage(self, passage: str | None, title: str | None = None) -> None:
        """Write what the question is about into the body, if there is anything."""
        if passage is not None:
            division = self.add(self.body, "div", **{"class": PASSAGE})
            if title is not None:
                self.add(division, "h2", title, **{"class": PASSAGE_TITLE})
            write_blocks(division, passage)

    def interact(self, name: str, **attributes: str) -> etree._Element:
        """Put the interaction into the body and return it."""
        return self.add(self.body, name, responseIdentifier=RESPONSE, **attributes)

    def write_prompt(self, interaction: etree._Element, prompt: str) -> None:
        """Write the question into its interaction."""
        write_running(self.add(interaction, "prompt"), prompt)

    def write_choice(self, parent: etree._Element, name: str, text: str, **attributes: str) -> None:
        """Write something to choose, order or match."""
        write_running(self.add(parent, name, **attributes), text)

    def write_for_scorers(self, text: str, **attributes: str) -> None:
        """Write what only markers are to read."""
        rubric = self.add(self.body, "rubricBlock", view="scorer", use="scoring", **attributes)
        write_blocks(self._content_of(rubric), text)

    def write_rationale(self, rationale: str) -> None:
        """Write why the answer is right; other systems show it once the item was answered."""
        declared = etree.Element("outcomeDeclaration", identifier=FEEDBACK, cardinality="single", baseType="identifier")
        self.add(self.add(declared, "defaultValue"), "value", RATIONALE)
        self.body.addprevious(declared)
        shown = {"outcomeIdentifier": FEEDBACK, "identifier": RATIONALE, "showHide": "show"}
        write_blocks(self._content_of(self.add(self.root, "modalFeedback", **shown)), rationale)

    def _content_of(self, element: etree._Element) -> etree._Element:
        """The element into which text goes: version 3 wraps it once more."""
        if not self.version.has_content_body:
            return element
        body = element.find("contentBody")
        return self.add(element, "contentBody") if body is None else body
