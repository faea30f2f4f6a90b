"""Hands that mark spans: by mouse, by keyboard alone, and by word numbers where no script runs."""

import json

from assessments.web.views.words import words_in, words_of

_TEXT = (
    "Good day, the lamp arrived on 3 May. The umbrella is torn. "
    "Please send me inside of 13 days a new shade, not a new lamp."
)
_CATEGORIES = [
    {"id": "mistranslation", "title": "Mistranslation", "rule": "The words mean something else than the original."},
    {"id": "number", "title": "Wrong number or name", "rule": "A figure, date or name differs from the original."},
    {"id": "awkward", "title": "Awkward wording", "rule": "Nobody who grew up with the language would say so."},
]


def _span(quote: str, category: str) -> dict[str, object]:
    start = _TEXT.index(quote)
    return {"start": start, "end": start + len(quote), "category": category}


_SPANS = [_span("umbrella", "mistranslation"), _span("inside of 13 days", "awkward"), _span("13", "number")]

# A translation in which one error lies inside another.
SAMPLE = {
    "content": {
        "prompt": "A letter was translated from German. Mark every error of the translation and say what kind it is.",
        "reference_title": "The German letter",
        "reference": "Guten Tag, die Lampe kam am 3. Mai an. Der Schirm ist gerissen. Bitte schicken Sie mir innerhalb "
        "von 30 Tagen einen neuen Schirm, keine neue Lampe.",
        "text": _TEXT,
        "categories": _CATEGORIES,
    },
    "key": {"spans": [{**_SPANS[0], "critical": True}, *_SPANS[1:]]},
    "response": {"spans": _SPANS},
}

# Where a span, given in code points, stands on the screen: the outer edges of its first and last character.
_EDGES = """(text, span) => {
  const characters = Array.from(text.textContent);
  const rectAt = (point) => {
    let units = characters.slice(0, point).join("").length;
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (units < node.length) {
        const range = document.createRange();
        range.setStart(node, units);
        range.setEnd(node, units + characters[point].length);
        return range.getBoundingClientRect();
      }
      units -= node.length;
    }
  };
  text.scrollIntoView({ block: "center" });
  const [first, last] = [rectAt(span.start), rectAt(span.end - 1)];
  const middle = (rect) => rect.top + rect.height / 2;
  const isLeftward = (point) => /^(?!\\p{N})[\\p{Script=Arabic}\\p{Script=Hebrew}]/u.test(characters[point]);
  const begin = isLeftward(span.start) ? first.right - 1 : first.left + 1;
  const stop = isLeftward(span.end - 1) ? last.left + 1 : last.right - 1;
  return [begin, middle(first), stop, middle(last)];
}"""

# How many steps of the caret, by whole characters, lead to an offset in code points.
_STEPS = """(text, point) => {
  const before = Array.from(text.textContent).slice(0, point).join("");
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(before)).length;
}"""


def text_of(root):
    return root.locator("[data-part=text]")


def spans_of(root):
    """The spans that the item would send."""
    return json.loads(root.locator("[data-part=json]").input_value())


def drag_over(page, root, span):
    """Select a span with the mouse."""
    left, top, right, bottom = text_of(root).evaluate(_EDGES, span)
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=5)
    page.mouse.up()


def by_mouse(page, root, prefix, content, response):
    if response.get("no_errors"):
        root.locator(f'[name="{prefix}no_errors"]').check()
    for span in response.get("spans", []):
        drag_over(page, root, span)
        root.locator(f'button[data-category="{span["category"]}"]').click()


def select_by_keyboard(page, root, span):
    """Walk to a span by character and select it, from the text's own direction."""
    forward = "ArrowLeft" if text_of(root).evaluate("e => getComputedStyle(e).direction") == "rtl" else "ArrowRight"
    start, end = (text_of(root).evaluate(_STEPS, span[side]) for side in ("start", "end"))
    page.keyboard.press("Home")
    for _ in range(start):
        page.keyboard.press(f"Control+{forward}")
    for _ in range(end - start):
        page.keyboard.press(f"Control+Shift+{forward}")


def by_keyboard(page, root, prefix, content, response):
    if response.get("no_errors"):
        root.locator(f'[name="{prefix}no_errors"]').focus()
        page.keyboard.press("Space")
    names = [button.get_attribute("data-category") for button in root.locator("button[data-category]").all()]
    root.locator("[data-part=region]").focus()
    for span in response.get("spans", []):
        select_by_keyboard(page, root, span)
        page.keyboard.press(str(names.index(span["category"]) + 1))


def without_script(page, root, prefix, content, response):
    if response.get("no_errors"):
        root.locator(f'[name="{prefix}no_errors"]').check()
    for row, span in enumerate(response.get("spans", []), start=1):
        first, last = words_in(words_of(content["text"]), span["start"], span["end"])
        root.locator(f'[name="{prefix}first-{row}"]').fill(str(first))
        root.locator(f'[name="{prefix}last-{row}"]').fill(str(last))
        root.locator(f'[name="{prefix}category-{row}"]').select_option(span["category"])
