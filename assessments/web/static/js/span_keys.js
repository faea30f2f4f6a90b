// Marking by keyboard: which key in the text does what.

import { wordOnLine } from "./span_text.js";

export class Keys {
  constructor(desk) {
    this.desk = desk;
    desk.region.addEventListener("keydown", (event) => {
      if (this.#press(event)) event.preventDefault();
    });
  }

  // Do what the key stands for; false when it stands for nothing here.
  #press(event) {
    const { desk } = this;
    const { key } = event;
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const letter = event.altKey ? "" : key.toLowerCase();
    if (event.metaKey && letter !== "z") return false;
    if (key.startsWith("Arrow") || key === "Home" || key === "End") this.#move(event);
    else if (key === "Enter" && isPlain) desk.mark(desk.current);
    else if (isPlain && desk.buttons[Number(key) - 1]) desk.mark(desk.buttons[Number(key) - 1].dataset.category);
    else if (key === "Delete" || key === "Backspace") desk.removeHere();
    else if (letter === "y" || (letter === "z" && event.shiftKey)) desk.redo();
    else if (letter === "z") desk.undo();
    else if (key === "Escape" && desk.caret.isSelecting) desk.letGo(desk.caret.at);
    else return false;
    return true;
  }

  #move({ key, shiftKey, ctrlKey, altKey }) {
    const { caret, textElement } = this.desk;
    this.desk.takeSelection(shiftKey);
    if (key === "Home" || key === "End") caret.toEdge(key === "End" ? 1 : -1, shiftKey);
    else if (key === "ArrowUp" || key === "ArrowDown") this.#moveLine(key === "ArrowDown" ? 1 : -1, shiftKey);
    else {
      const isLeftward = getComputedStyle(textElement).direction === "rtl";
      const step = (key === "ArrowRight") === isLeftward ? -1 : 1;
      if (ctrlKey || altKey) caret.byCharacter(step, shiftKey);
      else caret.byWord(step, shiftKey);
    }
    this.desk.moved();
  }

  #moveLine(step, isExtending) {
    const { caret, textElement } = this.desk;
    const start = wordOnLine(textElement, caret.words, caret.at, step);
    if (start !== null) caret.moveTo(start, isExtending);
  }
}
