// Span highlight: marking a text by mouse, touch and keyboard. Without it, rows of word numbers do the same.

import { Caret } from "./span_caret.js";
import { Marks } from "./span_marks.js";
import { draw, offsetOf, selectedIn, wordOnLine } from "./span_text.js";

const enhanced = new WeakMap();

// The marking desk of an item, or undefined where none is at work.
export const deskIn = (item) => enhanced.get(item.querySelector("[data-spans]"));

class Desk {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(this, { root, region: part("region"), textElement: part("text"), list: part("list") });
    Object.assign(this, { status: part("status"), spoken: part("spoken"), row: part("row"), undoButton: part("undo") });
    this.hidden = part("json");
    this.noErrors = part("no-errors");
    this.buttons = [...root.querySelectorAll("[data-category]")];
    this.current = this.buttons[0].dataset.category;
    this.text = this.textElement.textContent;
    this.marks = new Marks(this.text, JSON.parse(root.dataset.spans), this.noErrors.checked);
    this.caret = new Caret(this.text);
    this.isPointing = false; // the selection is the browser's, made with mouse or finger
    this.#openTools(part);
    this.#listen();
    this.refresh();
  }

  // Show what the server has, when it has something newer than this page.
  show(response) {
    this.marks.load(response.spans ?? [], Boolean(response.no_errors));
    this.refresh();
  }

  refresh() {
    this.hidden.value = JSON.stringify(this.marks);
    this.noErrors.checked = this.marks.noErrors;
    this.undoButton.disabled = !this.marks.past.length;
    this.#draw();
    this.#drawList();
  }

  mark(category) {
    const target = this.#hasTarget() ? this.caret.target : null;
    if (!target) return this.say("empty");
    const other = this.marks.overlapping(...target);
    if (other >= 0) return this.say("overlap", { number: other + 1, quote: this.marks.quote(this.marks.all[other]) });
    if (this.marks.isFull()) return this.say("full");
    this.current = category;
    this.marks.add(...target, category);
    this.#letGo(target[0]);
    this.#changed();
    return this.say("marked", { quote: this.text.slice(...target), category: this.#title(category) });
  }

  remove(index) {
    const quote = this.marks.quote(this.marks.all[index]);
    this.marks.remove(index);
    this.#changed();
    this.say("removed", { quote });
  }

  undo() {
    if (!this.marks.undo()) return this.say("nothing");
    this.#changed();
    return this.say("undone", { count: this.marks.all.length });
  }

  say(name, values = {}) {
    this.#speak(this.status, fill(this.root.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`], values));
  }

  #openTools(part) {
    part("tools").hidden = false;
    part("list-box").hidden = false;
    part("rows").hidden = part("rows").disabled = true;
    this.root.classList.add("is-live");
    this.region.tabIndex = 0;
    this.region.setAttribute("role", "application");
    this.region.setAttribute("aria-label", this.root.dataset.regionLabel);
    this.region.setAttribute("aria-describedby", part("keys").id);
    this.textElement.setAttribute("role", "document");
  }

  #listen() {
    this.region.addEventListener("keydown", (event) => this.#onKey(event));
    this.region.addEventListener("focus", () => this.#onFocus());
    this.region.addEventListener("blur", () => this.#draw());
    this.region.addEventListener("pointerdown", () => (this.isPointing = true));
    this.region.addEventListener("pointerup", (event) => this.#onPointerUp(event));
    document.addEventListener("selectionchange", () => this.#onSelection());
    for (const button of this.buttons) {
      button.addEventListener("pointerdown", () => (this.isHolding = true)); // a tap may drop the selection first
      button.addEventListener("click", () => this.mark(button.dataset.category));
    }
    this.undoButton.addEventListener("click", () => this.undo());
    this.noErrors.addEventListener("change", () => this.#onNoErrors());
  }

  #onKey(event) {
    const number = Number(event.key);
    const category = this.buttons[number - 1]?.dataset.category;
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    if (event.metaKey && event.key !== "z") return;
    if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") this.#move(event);
    else if (event.key === "Enter" && isPlain) this.mark(this.current);
    else if (category && isPlain) this.mark(category);
    else if (event.key === "Delete" || event.key === "Backspace") this.#removeHere();
    else if (event.key.toLowerCase() === "z" && !event.altKey) this.undo();
    else if (event.key === "Escape" && this.caret.isSelecting) this.#letGo(this.caret.at);
    else return;
    event.preventDefault();
  }

  #move(event) {
    const { key, shiftKey } = event;
    if (this.isPointing) this.#letGo(this.caret.at, shiftKey ? this.caret.anchor : this.caret.at);
    const isLeftward = getComputedStyle(this.textElement).direction === "rtl";
    if (key === "Home" || key === "End") this.caret.toEdge(key === "End" ? 1 : -1, shiftKey);
    else if (key === "ArrowUp" || key === "ArrowDown") this.#moveLine(key === "ArrowDown" ? 1 : -1, shiftKey);
    else {
      const step = (key === "ArrowRight") === isLeftward ? -1 : 1;
      if (event.ctrlKey || event.altKey) this.caret.byCharacter(step, shiftKey);
      else this.caret.byWord(step, shiftKey);
    }
    this.#draw();
    this.#tellPlace();
  }

  #moveLine(step, isExtending) {
    const start = wordOnLine(this.textElement, this.caret.words, this.caret.at, step);
    if (start !== null) this.caret.moveTo(start, isExtending);
  }

  #removeHere() {
    const target = this.caret.target;
    const index = target ? this.marks.overlapping(...target) : -1;
    if (index < 0) this.say("unmarked");
    else this.remove(index);
  }

  #onFocus() {
    this.#draw();
    if (!this.isPointing) this.#tellPlace();
  }

  #onPointerUp(event) {
    if (selectedIn(this.textElement)) return;
    const selection = document.getSelection();
    if (selection.focusNode && this.textElement.contains(selection.focusNode) && event.isPrimary) {
      this.#letGo(offsetOf(this.textElement, selection.focusNode, selection.focusOffset));
    }
  }

  #onSelection() {
    const selected = selectedIn(this.textElement);
    this.root.classList.toggle("is-selecting", Boolean(selected));
    if (selected) {
      this.isPointing = true;
      this.caret.select(...selected);
    } else if (this.isPointing && !this.isHolding) {
      this.caret.place(this.caret.at);
    }
  }

  #onNoErrors() {
    const count = this.marks.all.length;
    this.marks.state(this.noErrors.checked);
    this.refresh();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
    if (this.noErrors.checked && count) this.say("cleared", { count });
  }

  // A button marks only what was selected; a key in the text also marks the word at the caret.
  #hasTarget() {
    this.isHolding = false;
    return this.caret.isSelecting || document.activeElement === this.region;
  }

  // Give up the selection and let the caret stand at an offset.
  #letGo(offset, anchor = offset) {
    this.isPointing = false;
    this.caret.select(anchor, offset);
    if (selectedIn(this.textElement)) document.getSelection().removeAllRanges();
    this.#draw();
  }

  #draw() {
    if (this.isPointing && selectedIn(this.textElement)) return; // drawing anew would take the browser's selection away
    const isHere = document.activeElement === this.region;
    const target = isHere || this.caret.isSelecting ? this.caret.target : null;
    const caret = isHere ? this.caret.at : null;
    draw(this.textElement, this.text, this.marks.all, (id) => this.#number(id), target, caret);
  }

  #drawList() {
    const rows = this.marks.all.map((mark, index) => {
      const row = this.row.content.firstElementChild.cloneNode(true);
      const quote = this.marks.quote(mark);
      const [select, remove] = [row.querySelector("select"), row.querySelector("button")];
      row.querySelector("q").textContent = quote;
      const number = row.querySelector("[data-kind]");
      number.dataset.kind = number.textContent = this.#number(mark.category);
      select.value = mark.category;
      select.setAttribute("aria-label", fill(this.root.dataset.selectLabel, { quote }));
      remove.setAttribute("aria-label", fill(this.root.dataset.removeLabel, { quote }));
      select.addEventListener("change", () => this.#rename(index, select.value));
      remove.addEventListener("click", () => this.#removeFromList(index));
      return row;
    });
    this.list.replaceChildren(...rows);
    this.root.querySelector('[data-part="no-marks"]').hidden = rows.length > 0;
  }

  #rename(index, category) {
    this.marks.rename(index, category);
    this.#changed();
    this.list.children[index].querySelector("select").focus();
  }

  #removeFromList(index) {
    this.remove(index);
    const next = this.list.children[Math.min(index, this.list.children.length - 1)];
    (next?.querySelector("button") ?? this.region).focus();
  }

  #changed() {
    this.refresh();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #tellPlace() {
    const target = this.caret.target;
    if (!target) return;
    const values = { quote: this.text.slice(...target) };
    const index = this.marks.overlapping(...target);
    if (index >= 0) values.category = this.#title(this.marks.all[index].category);
    const name = this.caret.isSelecting ? "placeSelected" : index >= 0 ? "placeMarked" : "placePlain";
    this.#speak(this.spoken, fill(this.root.dataset[name], values));
  }

  #speak(element, text) {
    element.textContent = "";
    setTimeout(() => (element.textContent = text), 30); // so that the same sentence is read out again
  }

  #number(category) {
    return this.buttons.findIndex((button) => button.dataset.category === category) + 1;
  }

  #title(category) {
    return this.buttons[this.#number(category) - 1].dataset.title;
  }
}

function fill(sentence, values) {
  return sentence.replace(/\[(\w+)\]/g, (whole, name) => values[name] ?? whole);
}

function enhance(scope) {
  for (const root of scope.querySelectorAll("[data-spans]")) {
    if (!enhanced.has(root)) enhanced.set(root, new Desk(root));
  }
}

document.addEventListener("assay:fragment", (event) => enhance(event.target));
enhance(document);
