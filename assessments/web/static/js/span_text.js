// The text on the page: drawn with its marks and caret, without ever changing its characters; points found in it.

// `target` is the selected stretch or the word at the caret; `caret` is where the caret stands, or null.
export function draw(element, text, marks, numberOf, target, caret) {
  const inside = (offset, stretch) => stretch && stretch[0] <= offset && offset < stretch[1];
  const edges = new Set([0, text.length, ...marks.flatMap((mark) => [mark.start, mark.end]), ...(target ?? [])]);
  if (caret !== null) edges.add(caret);
  const cuts = [...edges].sort((a, b) => a - b);
  const drawn = document.createDocumentFragment();
  let last = null;
  let holder = drawn;
  cuts.slice(0, -1).forEach((start, n) => {
    const mark = marks.find((one) => inside(start, [one.start, one.end])) ?? null;
    if (mark !== last) {
      holder = mark ? drawn.appendChild(markElement(numberOf(mark.category))) : drawn;
      last = mark;
    }
    const classes = [inside(start, target) && "is-target", start === caret && "is-caret"].filter(Boolean);
    holder.append(wrap(text.slice(start, cuts[n + 1]), classes));
  });
  element.replaceChildren(drawn);
}

function markElement(number) {
  const element = document.createElement("mark");
  element.dataset.kind = number;
  return element;
}

function wrap(text, classes) {
  if (!classes.length) return text;
  const span = document.createElement("span");
  span.className = classes.join(" ");
  span.textContent = text;
  return span;
}

// The offset in the text of a point of the document.
export function offsetOf(element, node, offset) {
  const range = document.createRange();
  range.setStart(element, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

// The stretch that is selected with mouse or finger, [start, end] in order, or null; parts outside the text are cut off.
export function selectedIn(element) {
  const selection = document.getSelection();
  if (!selection.rangeCount || !selection.toString()) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(element)) return null;
  const whole = document.createRange();
  whole.selectNodeContents(element);
  const startsBefore = range.compareBoundaryPoints(Range.START_TO_START, whole) < 0;
  const endsAfter = range.compareBoundaryPoints(Range.END_TO_END, whole) > 0;
  const start = startsBefore ? 0 : offsetOf(element, range.startContainer, range.startOffset);
  const end = endsAfter ? element.textContent.length : offsetOf(element, range.endContainer, range.endOffset);
  return start < end ? [start, end] : null;
}

// Of these words, the one nearest to the caret's column on the next line below (step 1) or above (step -1).
export function wordOnLine(element, words, caret, step) {
  const here = rectAt(element, caret);
  const below = words
    .map(([start]) => ({ start, rect: rectAt(element, start) }))
    .filter(({ rect }) => (rect.top - here.top) * step > here.height / 2);
  if (!below.length) return null;
  const nearest = Math.min(...below.map(({ rect }) => rect.top * step)) * step;
  const line = below.filter(({ rect }) => Math.abs(rect.top - nearest) < here.height / 2);
  return line.reduce((a, b) => (Math.abs(b.rect.left - here.left) < Math.abs(a.rect.left - here.left) ? b : a)).start;
}

function rectAt(element, offset) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  let rest = offset;
  while (node && rest >= node.length && walker.nextNode()) {
    rest -= node.length;
    node = walker.currentNode;
  }
  const range = document.createRange();
  range.setStart(node, Math.min(rest, node.length));
  range.setEnd(node, Math.min(rest + 1, node.length));
  return range.getBoundingClientRect();
}
