// The marks of one text: which stretches, of what category; they may overlap, and every change can be undone.
// Offsets are UTF-16 units. A mark keeps its `id` while the page stands.

import { toPoints, toUnits } from "./code_points.js";

const MOST = 50;

const inOrder = (a, b) => a.start - b.start || b.end - a.end;
const lengthOf = (mark) => mark.end - mark.start;

export class Marks {
  // What the server has, whose offsets are code points.
  constructor(text, spans, noErrors) {
    Object.assign(this, { text, noErrors, past: [], future: [], nextId: 1 });
    this.all = spans
      .map(({ start, end, category }) => this.#made(toUnits(text, start), toUnits(text, end), category))
      .sort(inOrder);
  }

  find(id) {
    return this.all.find((mark) => mark.id === id);
  }

  // The marks over a stretch, the innermost (shortest) first; those over the caret come before those beside it.
  over([start, end], caret = start) {
    const isAtCaret = (mark) => mark.start <= caret && caret < mark.end;
    return this.all
      .filter((mark) => mark.start < end && start < mark.end)
      .sort((a, b) => isAtCaret(b) - isAtCaret(a) || lengthOf(a) - lengthOf(b));
  }

  has(start, end, category) {
    return this.all.some((mark) => mark.start === start && mark.end === end && mark.category === category);
  }

  isFull() {
    return this.all.length >= MOST;
  }

  add(start, end, category) {
    const mark = this.#made(start, end, category);
    this.#change([...this.all, mark], false);
    return mark;
  }

  remove(id) {
    this.#change(this.all.filter((mark) => mark.id !== id), this.noErrors);
  }

  // Give a mark another start, end or category; false when there is such a mark already.
  alter(id, change) {
    const altered = { ...this.find(id), ...change };
    if (this.has(altered.start, altered.end, altered.category)) return false;
    this.#change(this.all.map((mark) => (mark.id === id ? altered : mark)), this.noErrors);
    return true;
  }

  // The statement that there is no error stands alone: it takes the marks away, and undoing brings them back.
  state(noErrors) {
    this.#change(noErrors ? [] : this.all, noErrors);
  }

  undo() {
    return this.#restore(this.past, this.future);
  }

  redo() {
    return this.#restore(this.future, this.past);
  }

  quote(mark) {
    return this.text.slice(mark.start, mark.end);
  }

  toJSON() {
    return this.all.map(({ start, end, category }) => ({
      start: toPoints(this.text, start),
      end: toPoints(this.text, end),
      category,
    }));
  }

  #made(start, end, category) {
    return { id: this.nextId++, start, end, category };
  }

  #change(all, noErrors) {
    this.past.push([this.all, this.noErrors]);
    this.future = [];
    this.all = all.sort(inOrder);
    this.noErrors = noErrors;
  }

  #restore(from, to) {
    if (!from.length) return false;
    to.push([this.all, this.noErrors]);
    [this.all, this.noErrors] = from.pop();
    return true;
  }
}
