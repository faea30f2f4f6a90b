"""What tests see and do of a span highlight that is open in a browser, alone on its page."""

import json

# The range of the first place where a quote stands in the text.
RANGE = """([text, quote]) => {
  const start = text.textContent.indexOf(quote), range = document.createRange();
  const at = (offset, isEnd) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (offset < walker.currentNode.length + isEnd) return [walker.currentNode, offset];
      offset -= walker.currentNode.length;
    }
  };
  range.setStart(...at(start, 0));
  range.setEnd(...at(start + quote.length, 1));
  return range;
}"""
SELECT = f"""where => {{
  getSelection().removeAllRanges();
  getSelection().addRange(({RANGE})(where));
}}"""
BOX = f"where => ({RANGE})(where).getBoundingClientRect().toJSON()"

# The numbers of the kinds over each piece of the text that holds some of the quote, the outermost first.
KINDS_OVER = """([text, quote]) => {
  const begin = text.textContent.indexOf(quote), found = new Set();
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  for (let at = 0; walker.nextNode(); at += walker.currentNode.length) {
    const node = walker.currentNode;
    if (at >= begin + quote.length || at + node.length <= begin) continue;
    const kinds = [];
    for (let e = node.parentElement; e !== text; e = e.parentElement) if (e.dataset.kind) kinds.unshift(e.dataset.kind);
    found.add(kinds.join());
  }
  return [...found];
}"""


def text_of(page):
    return page.locator("[data-part=text]")


def region_of(page):
    return page.locator("[data-part=region]")


def status_of(page):
    """What the item itself says; the page has other places that say something."""
    return page.locator("[data-part=status]")


def spans_of(page):
    return json.loads(page.locator("[name=r1-spans]").input_value())


def quotes_of(page, content):
    return [content.text[span["start"] : span["end"]] for span in spans_of(page)]


def select(page, quote):
    """Let the browser select the first place where the quote stands."""
    page.evaluate(SELECT, [text_of(page).element_handle(), quote])


def mark(page, quote, kind="Wrong number or date"):
    select(page, quote)
    page.get_by_role("button", name=kind, exact=False).click()


def marked(page, quote):
    """The kinds under which a quote stands, evenly: their numbers, the longest mark first."""
    (kinds,) = page.evaluate(KINDS_OVER, [text_of(page).element_handle(), quote])
    return [int(kind) for kind in kinds.split(",") if kind]


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def box_of(page, quote):
    """Where a quote stands on the screen: its left and right edge, and the middle of its line."""
    box = page.evaluate(BOX, [text_of(page).element_handle(), quote])
    return box["left"], box["right"], (box["top"] + box["bottom"]) / 2
