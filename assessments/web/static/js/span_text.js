// The text on the page: drawn with its marks and caret, without ever changing its characters; points found in it.

const LAST_LANE = 5; // lines further down would run into the next line of the text

// Draw the marks, which are in order of their starts and may overlap: the longest is the outermost element, and the line
// of each runs in a lane of its own. `target` is the selected stretch or the word at the caret; `caret` is where the
// caret stands, or null.
export function draw(element, { text, all }, kindOf, target, caret) {
  const edges = new Set([0, text.length, ...all.flatMap((mark) => [mark.start, mark.end]), ...(target ?? [])]);
  if (caret !== null) edges.add(caret);
  const cuts = [...edges].sort((a, b) => a - b);
  const lanes = lanesOf(all);
  const outermostFirst = [...all].sort((a, b) => b.end - b.start - (a.end - a.start));
  const drawn = document.createDocumentFragment();
  let last = [];
  let holder = drawn;
  cuts.slice(0, -1).forEach((start, n) => {
    const end = cuts[n + 1];
    const covering = outermostFirst.filter((mark) => mark.start <= start && start < mark.end);
    if (covering.length !== last.length || covering.some((mark, i) => mark !== last[i])) {
      holder = covering.reduce((outer, mark) => outer.appendChild(markElement(mark, kindOf(mark.category), lanes)), drawn);
      last = covering;
    }
    for (let one = holder, i = covering.length; i--; one = one.parentNode) {
      if (covering[i].end === end) one.dataset.isEnd = "";
    }
    const classes = [isInside(start, target) && "is-target", start === caret && "is-caret"].filter(Boolean);
    holder.append(wrap(text.slice(start, end), classes));
  });
  if (caret === text.length) drawn.append(wrap("", ["is-caret"]));
  element.replaceChildren(drawn);
  element.dataset.lanes = Math.max(0, ...lanes.values()) + 1;
}

// For each mark, in order of their starts, the first lane in which no earlier one is still open.
function lanesOf(marks) {
  const openUntil = [];
  return new Map(
    marks.map((mark) => {
      const free = openUntil.findIndex((end) => end <= mark.start);
      const lane = free < 0 ? openUntil.length : free;
      openUntil[lane] = mark.end;
      return [mark.id, Math.min(lane, LAST_LANE)];
    }),
  );
}

const isInside = (offset, stretch) => stretch && stretch[0] <= offset && offset < stretch[1];

function markElement(mark, kind, lanes) {
  const element = document.createElement("mark");
  Object.assign(element.dataset, { kind, lane: lanes.get(mark.id), mark: mark.id });
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

// The offset of the character boundary nearest to a point of the screen, or null outside the text.
export function offsetAt(element, x, y) {
  const place = document.caretPositionFromPoint?.(x, y);
  const range = place ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = place ? [place.offsetNode, place.offset] : [range?.startContainer, range?.startOffset];
  return node && element.contains(node) ? offsetOf(element, node, offset) : null;
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
