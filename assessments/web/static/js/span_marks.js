// The marks of one text: which stretches, of what category; every change can be undone. Offsets are UTF-16 units.

import { toPoints, toUnits } from "./code_points.js";

const MOST = 50;

export class Marks {
  constructor(text, spans, noErrors) {
    this.text = text;
    this.past = [];
    this.load(spans, noErrors);
  }

  // Take over what the server has, whose offsets are code points.
  load(spans, noErrors) {
    this.noErrors = noErrors;
    this.all = spans.map(({ start, end, category }) => ({
      start: toUnits(this.text, start),
      end: toUnits(this.text, end),
      category,
    }));
  }

  overlapping(start, end) {
    return this.all.findIndex((mark) => mark.start < end && start < mark.end);
  }

  isFull() {
    return this.all.length >= MOST;
  }

  add(start, end, category) {
    this.#change([...this.all, { start, end, category }].sort((a, b) => a.start - b.start), false);
  }

  remove(index) {
    this.#change(this.all.filter((_, n) => n !== index), this.noErrors);
  }

  rename(index, category) {
    this.#change(this.all.map((mark, n) => (n === index ? { ...mark, category } : mark)), this.noErrors);
  }

  // The statement that there is no error stands alone: it takes the marks away, and undoing brings them back.
  state(noErrors) {
    this.#change(noErrors ? [] : this.all, noErrors);
  }

  undo() {
    if (!this.past.length) return false;
    [this.all, this.noErrors] = this.past.pop();
    return true;
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

  #change(all, noErrors) {
    this.past.push([this.all, this.noErrors]);
    this.all = all;
    this.noErrors = noErrors;
  }
}
