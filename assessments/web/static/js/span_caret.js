// The caret of a text that is marked by keyboard: it moves by word or character and can draw a selection behind it.

import { stopsOf, tidy, wordsOf } from "./code_points.js";

export class Caret {
  constructor(text) {
    this.text = text;
    this.words = wordsOf(text);
    this.stops = stopsOf(text);
    this.place(this.words[0]?.[0] ?? 0);
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
    const next = step > 0 ? ends.find((end) => end > this.at) : starts.filter((start) => start < this.at).pop();
    this.moveTo(next ?? (isExtending ? this.#edge(step) : this.at), isExtending);
  }

  byCharacter(step, isExtending) {
    const next = step > 0 ? this.stops.find((stop) => stop > this.at) : this.stops.filter((s) => s < this.at).pop();
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
    if (this.isSelecting) {
      return tidy(this.text, this.stops, Math.min(this.at, this.anchor), Math.max(this.at, this.anchor));
    }
    return this.words.find((word) => this.at < word[1]) ?? this.words.at(-1) ?? null;
  }

  #edge(step) {
    return step > 0 ? this.text.length : 0;
  }
}
