// Span highlight: marking a text by mouse, touch and keyboard. Without it, rows of word numbers do the same.

import { Caret } from "./span_caret.js";
import { Keys } from "./span_keys.js";
import { MarkList } from "./span_list.js";
import { Marks } from "./span_marks.js";
import { Pointing } from "./span_pointing.js";
import { Steps } from "./span_steps.js";
import { draw } from "./span_text.js";

class Desk {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(this, { root, region: part("region"), textElement: part("text"), hidden: part("json") });
    Object.assign(this, { status: part("status"), spoken: part("spoken"), noErrors: part("no-errors") });
    this.buttons = [...root.querySelectorAll("[data-category]")];
    this.current = this.buttons[0].dataset.category;
    this.text = this.textElement.textContent;
    this.marks = new Marks(this.text, JSON.parse(root.dataset.spans), this.noErrors.checked);
    this.steps = new Steps(this.text);
    this.caret = new Caret(this.steps);
    this.#openTools(part);
    this.list = new MarkList(this, part);
    this.pointing = new Pointing(this, part("tools"), part("touch-hint"));
    this.keys = new Keys(this);
    this.#listen(part);
    this.#refresh();
  }

  mark(category) {
    const target = this.#hasTarget() ? this.caret.target : null;
    if (!target) {
      this.say("empty");
      return;
    }
    const values = { quote: this.text.slice(...target), category: this.#title(category) };
    if (!this.#add(target, category, values)) return;
    this.letGo(target[0]);
    this.say("marked", values);
  }

  // Mark the next place of these words that is not marked so yet, or without words the first word that has no mark.
  addWords(words, category) {
    const places = words.trim() ? this.steps.placesOf(words) : this.#unmarkedWords().slice(0, 1);
    if (!places.length) {
      this.say("unfound", { quote: words.trim() });
      return;
    }
    const open = places.findIndex((place) => !this.marks.has(...place, category));
    const place = places[Math.max(0, open)];
    const values = { quote: this.text.slice(...place), category: this.#title(category) };
    if (!this.#add(place, category, values)) return;
    this.say(places.length > 1 ? "markedOneOf" : "marked", { ...values, number: open + 1, count: places.length });
  }

  remove(id) {
    const quote = this.marks.quote(this.marks.find(id));
    this.marks.remove(id);
    this.#changed();
    this.say("removed", { quote });
  }

  removeHere() {
    const target = this.#hasTarget() ? this.caret.target : null;
    const [innermost] = target ? this.marks.over(target, this.caret.at) : [];
    if (innermost) this.remove(innermost.id);
    else this.say("unmarked");
  }

  rename(id, category) {
    const quote = this.marks.quote(this.marks.find(id));
    const isNew = this.marks.alter(id, { category });
    this.#changed();
    if (!isNew) this.say("same", { quote, category: this.#title(category) });
  }

  // Let one side ("start" or "end") of a mark go one word or character earlier (-1) or later (1).
  adjust(id, side, unit, step) {
    const mark = this.marks.find(id);
    const next = this.steps.next(mark, side, unit, step);
    const quote = this.marks.quote({ ...mark, [side]: next ?? mark[side] });
    if (next === null) this.say("edge");
    else if (!this.marks.alter(id, { [side]: next })) this.say("same", { quote, category: this.#title(mark.category) });
    else {
      this.#changed();
      this.highlight(id);
      this.say("adjusted", { quote });
    }
  }

  undo() {
    const isDone = this.marks.undo();
    if (isDone) this.#changed();
    this.say(isDone ? "undone" : "nothing", { count: this.marks.all.length });
  }

  redo() {
    const isDone = this.marks.redo();
    if (isDone) this.#changed();
    this.say(isDone ? "redone" : "nothingAgain", { count: this.marks.all.length });
  }

  // Give up the selection and let the caret stand at an offset.
  letGo(offset, anchor = offset) {
    this.pointing.release();
    this.caret.select(anchor, offset);
    this.#draw();
  }

  // Make what the browser has selected the caret's own, to be extended by keys or given up.
  takeSelection(isExtending) {
    if (this.pointing.hasSelection) this.letGo(this.caret.at, isExtending ? this.caret.anchor : this.caret.at);
    this.pointing.release();
  }

  // After the caret or the selection moved: draw it, keep it in view, tell it.
  moved() {
    this.#draw();
    this.#reveal();
    this.#tellPlace();
  }

  // Let a mark stand out in the text and in the list; null for none.
  highlight(id) {
    this.list.highlight(id);
    for (const element of this.textElement.querySelectorAll("[data-mark]")) {
      element.classList.toggle("is-current", element.dataset.mark === String(id));
    }
  }

  // Not while a pointer draws the selection: the tools, which then stay at the window's foot, would come under it.
  showState() {
    this.root.classList.toggle("is-selecting", this.caret.isSelecting && !this.pointing.isDown);
  }

  // Say one of the page's sentences.
  say(name, values = {}) {
    this.#speak(this.status, this.words(`say${name[0].toUpperCase()}${name.slice(1)}`, values));
  }

  words(name, values) {
    return this.root.dataset[name].replace(/\[(\w+)\]/g, (whole, value) => values[value] ?? whole);
  }

  kindOf(category) {
    return this.buttons.findIndex((button) => button.dataset.category === category) + 1;
  }

  #openTools(part) {
    part("hint").hidden = part("tools").hidden = false;
    part("rows").hidden = part("rows").disabled = true;
    this.root.classList.add("is-live");
    this.region.tabIndex = 0;
    this.region.setAttribute("role", "application");
    this.region.setAttribute("aria-label", this.root.dataset.regionLabel);
    this.region.setAttribute("aria-describedby", part("keys").id);
    this.textElement.setAttribute("role", "document");
  }

  #listen(part) {
    this.tools = part("tools");
    this.undoButton = part("undo");
    this.redoButton = part("redo");
    this.region.addEventListener("focus", () => this.#onFocus());
    this.region.addEventListener("blur", () => this.#draw());
    for (const button of this.buttons) button.addEventListener("click", () => this.mark(button.dataset.category));
    part("remove").addEventListener("click", () => this.removeHere());
    this.undoButton.addEventListener("click", () => this.undo());
    this.redoButton.addEventListener("click", () => this.redo());
    this.noErrors.addEventListener("change", () => this.#onNoErrors());
  }

  // A pointer that brings the focus goes on to select or click: drawing anew would take its place away.
  #onFocus() {
    if (this.pointing.isSelecting) return;
    this.#draw();
    this.#tellPlace();
  }

  #onNoErrors() {
    const count = this.marks.all.length;
    this.marks.state(this.noErrors.checked);
    this.#changed();
    if (this.noErrors.checked && count) this.say("cleared", { count });
  }

  // Whether the mark could be added; if not, why not has been said.
  #add(stretch, category, values) {
    const refusal = this.marks.has(...stretch, category) ? "same" : this.marks.isFull() ? "full" : null;
    if (refusal) this.say(refusal, values);
    else {
      this.current = category;
      this.marks.add(...stretch, category);
      this.#changed();
    }
    return !refusal;
  }

  #unmarkedWords() {
    const free = this.steps.words.filter((word) => !this.marks.over(word).length);
    return free.length ? free : this.steps.words;
  }

  // A button marks only what was selected; a key in the text also marks the word at the caret.
  #hasTarget() {
    return this.caret.isSelecting || document.activeElement === this.region;
  }

  #refresh() {
    this.hidden.value = JSON.stringify(this.marks);
    this.noErrors.checked = this.marks.noErrors;
    this.undoButton.setAttribute("aria-disabled", String(!this.marks.past.length)); // it keeps the focus
    this.redoButton.setAttribute("aria-disabled", String(!this.marks.future.length));
    this.#draw();
    this.list.draw(this.marks);
  }

  #changed() {
    this.#refresh();
    this.hidden.dispatchEvent(new Event("change", { bubbles: true }));
  }

  #draw() {
    this.showState();
    if (this.pointing.hasSelection) return; // drawing anew would take the browser's selection away
    const isHere = document.activeElement === this.region;
    const target = isHere || this.caret.isSelecting ? this.caret.target : null;
    draw(this.textElement, this.marks, (category) => this.kindOf(category), target, isHere ? this.caret.at : null);
    this.highlight(target ? (this.marks.over(target, this.caret.at)[0]?.id ?? null) : null);
  }

  // Scroll no further than it takes: into the window, and out from under the tools that stay at its foot.
  #reveal() {
    const place = this.textElement.querySelector(".is-caret") ?? this.textElement.querySelector(".is-target");
    place?.scrollIntoView({ block: "nearest" });
    const covered = place ? place.getBoundingClientRect().bottom + 8 - this.tools.getBoundingClientRect().top : 0;
    if (covered > 0) window.scrollBy(0, covered);
  }

  #tellPlace() {
    const { target, isSelecting } = this.caret;
    if (!target) return;
    const here = this.marks.over(target, this.caret.at);
    const category = here.map((mark) => this.#title(mark.category)).join(", ");
    const name = `place${isSelecting ? "Selected" : ""}${here.length ? "Marked" : isSelecting ? "" : "Plain"}`;
    this.#speak(this.spoken, this.words(name, { quote: this.text.slice(...target), category }));
  }

  #speak(element, text) {
    element.textContent = "";
    setTimeout(() => (element.textContent = text), 30); // so that the same sentence is read out again
  }

  #title(category) {
    return this.buttons[this.kindOf(category) - 1].dataset.title;
  }
}

function enhance(scope) {
  for (const root of scope.querySelectorAll("[data-spans]:not(.is-live)")) new Desk(root);
}

document.addEventListener("assay:fragment", (event) => enhance(event.target));
enhance(document);
