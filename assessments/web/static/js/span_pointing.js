// Marking by mouse, pen and finger: what the browser has selected, and words that are clicked or tapped.

import { offsetAt, selectedIn } from "./span_text.js";

export class Pointing {
  constructor(desk, tools, touchHint) {
    Object.assign(this, { desk, isDown: false, isSelecting: false, isHolding: false, hasTapped: false });
    this.onSelection = () => this.#onSelection();
    document.addEventListener("selectionchange", this.onSelection);
    desk.region.addEventListener("pointerdown", (event) => event.button || this.#onDown());
    desk.region.addEventListener("click", (event) => this.#onClick(event));
    tools.addEventListener("pointerdown", () => (this.isHolding = true)); // a tap there may drop the selection first
    tools.addEventListener("click", () => (this.isHolding = false));
    touchHint.hidden = !matchMedia("(any-pointer: coarse)").matches;
  }

  // Whether the selection on show is the browser's own, or one may be about to begin.
  get hasSelection() {
    return this.isDown || (this.isSelecting && Boolean(selectedIn(this.desk.textElement)));
  }

  release() {
    this.isSelecting = this.isHolding = this.hasTapped = false;
    if (selectedIn(this.desk.textElement)) document.getSelection().removeAllRanges();
  }

  #onDown() {
    this.isDown = this.isSelecting = true;
    const up = ({ type }) => {
      this.isDown = false;
      if (type === "pointercancel") this.isSelecting = this.hasSelection; // the finger scrolls
      setTimeout(() => this.desk.showState()); // once the browser has ended its selection too
    };
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, up, { once: true, capture: true });
  }

  #onSelection() {
    const { desk } = this;
    if (!desk.root.isConnected) return document.removeEventListener("selectionchange", this.onSelection);
    const selected = selectedIn(desk.textElement);
    if (selected) {
      this.isSelecting = true;
      this.hasTapped = false;
      desk.caret.select(...selected);
    } else if (this.isSelecting && !this.isHolding && !this.hasTapped) {
      desk.caret.place(desk.caret.at);
    }
    return desk.showState();
  }

  // A click selects the word there, and on the selected word takes that back. By finger, a second tap takes in all
  // between the two words; with a mouse that is dragging, or Shift and click, which the browser does.
  #onClick(event) {
    const { caret, textElement } = this.desk;
    if (selectedIn(textElement)) return;
    const at = offsetAt(textElement, event.clientX, event.clientY);
    const word = at === null ? null : caret.wordAt(at);
    const [start, end] = caret.range;
    const isAgain = word && caret.isSelecting && start <= word[0] && word[1] <= end;
    const isFurther = word && this.hasTapped && caret.isSelecting && event.pointerType === "touch" && !isAgain;
    this.desk.letGo(at ?? caret.at);
    if (!word || (isAgain && end - start === word[1] - word[0])) return;
    if (isFurther) caret.select(Math.min(start, word[0]), Math.max(end, word[1]));
    else caret.select(...word);
    this.hasTapped = true;
    this.desk.moved();
  }
}
