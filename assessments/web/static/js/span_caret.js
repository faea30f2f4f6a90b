// The caret of a text that is marked by keyboard: it moves by word or character and can draw a selection behind it.

import { tidy } from "./code_points.js";

export class Caret {
  constructor({ text, words, stops }) {
    Object.assign(this, { text, words, stops });
    this.place(words[0]?.[0] ?? 0);
  }

  place(offset) {
    this.at = this.anchor = offset;
  }

  select(start, end) {
    this.anchor = start;
    this.at = end;
  }

  moveTo(offset, isExtending) {
    this.at = offset;
    if (!isExtending) this.anchor = offset;
  }

  // One word on (step 1) or back (-1). Extending goes to the ends of words, so that no space is taken along.
  byWord(step, isExtending) {
    const starts = this.words.map((word) => word[0]);
    const ends = isExtending ? this.words.map((word) => word[1]) : starts;
    const next = step > 0 ? ends.find((end) => end > this.at) : starts.findLast((start) => start < this.at);
    this.moveTo(next ?? (isExtending ? this.#edge(step) : this.at), isExtending);
  }

  byCharacter(step, isExtending) {
    const next = step > 0 ? this.stops.find((stop) => stop > this.at) : this.stops.findLast((stop) => stop < this.at);
    this.moveTo(next ?? this.at, isExtending);
  }

  toEdge(step, isExtending) {
    this.moveTo(this.#edge(step), isExtending);
  }

  get isSelecting() {
    return this.at !== this.anchor;
  }

  // What a mark would cover: the selection, or the word at the caret; null when that is only space.
  get target() {
    if (this.isSelecting) return tidy(this.text, this.stops, ...this.range);
    return this.words.find((word) => this.at < word[1]) ?? this.words.at(-1) ?? null;
  }

  get range() {
    return [Math.min(this.at, this.anchor), Math.max(this.at, this.anchor)];
  }

  // The word that a point lies in or beside, or null.
  wordAt(offset) {
    const inside = ([start, end]) => start <= offset && offset < end;
    return this.words.find(inside) ?? this.words.find(([, end]) => end === offset) ?? null;
  }

  #edge(step) {
    return step > 0 ? this.text.length : 0;
  }
}
