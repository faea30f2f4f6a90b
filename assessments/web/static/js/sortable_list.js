// A list that is brought into order by dragging, by buttons and by keys; its selects, which the form sends, follow.

const EDGE = 72; // pixels from the top or bottom of the window within which dragging scrolls
const SPEED = 12; // pixels a frame that it scrolls by

class SortableList {
  constructor(root) {
    const part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(this, { root, list: part("list"), isAnswer: part("is-answer"), status: part("status") });
    root.classList.add("is-live");
    for (const name of ["plain-help", "place"]) this.#show(name, false);
    for (const name of ["help", "tools", "answer"]) this.#show(name, true);
    root.addEventListener("click", (event) => this.#onClick(event));
    root.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("pointerdown", (event) => this.#onHandle(event));
    this.isAnswer.addEventListener("change", () => this.#onAnswer());
    this.#refresh();
  }

  get entries() {
    return [...this.list.children];
  }

  // Take the order as it is seen for the answer.
  answer() {
    this.entries.forEach((entry, index) => (this.#place(entry).value = index + 1));
    this.#changed();
  }

  // Let an entry change places with its neighbour: above it (-1) or below it (1). The neighbour moves in the
  // document, so that the focus stays in the entry. False when there is none.
  step(entry, step) {
    const neighbour = step < 0 ? entry.previousElementSibling : entry.nextElementSibling;
    if (!neighbour) return false;
    if (step < 0) entry.after(neighbour);
    else entry.before(neighbour);
    return true;
  }

  say(name, entry) {
    const values = entry
      ? { letter: entry.dataset.letter, place: this.entries.indexOf(entry) + 1, count: this.entries.length }
      : {};
    const sentence = this.root.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`];
    this.status.textContent = "";
    // Later, so that the same sentence is read out again.
    setTimeout(() => (this.status.textContent = sentence.replace(/\[(\w+)\]/g, (_, value) => values[value])), 30);
  }

  #show(name, isShown) {
    for (const element of this.root.querySelectorAll(`[data-part="${name}"]`)) element.hidden = !isShown;
  }

  #place(entry) {
    return entry.querySelector("[data-place]");
  }

  #onClick({ target }) {
    const button = target.closest("[data-move]");
    if (button) this.#move(button.closest("[data-entry]"), Number(button.dataset.move));
  }

  #onKey(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const entry = event.target.closest("[data-entry]");
    if (!entry || !step || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#move(entry, step);
  }

  #move(entry, step) {
    if (!this.step(entry, step)) {
      this.say("edge", entry);
      return;
    }
    this.answer();
    this.say("moved", entry);
    entry.scrollIntoView({ block: "nearest" });
  }

  #onHandle(event) {
    const handle = event.target.closest('[data-part="handle"]');
    if (!handle || event.button || this.drag) return;
    event.preventDefault();
    this.drag = new Drag(this, handle, event);
  }

  // A drag has ended; `isMoved` when the entry stands elsewhere than before.
  dropped(entry, isMoved) {
    this.drag = null;
    if (isMoved) this.answer();
    this.say(isMoved ? "moved" : "kept", entry);
  }

  #onAnswer() {
    if (this.isAnswer.checked) this.answer();
    else {
      for (const entry of this.entries) this.#place(entry).value = "";
      this.#changed();
    }
    this.say(this.isAnswer.checked ? "answered" : "withdrawn");
  }

  #changed() {
    this.#refresh();
    this.#place(this.entries[0]).dispatchEvent(new Event("change", { bubbles: true }));
  }

  #refresh() {
    const { entries } = this;
    this.isAnswer.checked = entries.every((entry, index) => this.#place(entry).value === String(index + 1));
    this.root.classList.toggle("is-open", !this.isAnswer.checked);
    entries.forEach((entry, index) => {
      entry.dataset.number = index + 1;
      const [up, down] = entry.querySelectorAll("[data-move]");
      up.setAttribute("aria-disabled", String(index === 0)); // it keeps the focus
      down.setAttribute("aria-disabled", String(index === entries.length - 1));
    });
  }
}

// One entry on its way: it changes places with each neighbour whose middle the pointer passes.
class Drag {
  constructor(sortable, handle, event) {
    Object.assign(this, { sortable, handle, entry: handle.closest("[data-entry]"), before: sortable.entries, y: event.clientY });
    this.listening = new AbortController();
    const options = { signal: this.listening.signal };
    handle.setPointerCapture(event.pointerId);
    handle.addEventListener("pointermove", (moved) => (this.y = moved.clientY), options);
    handle.addEventListener("pointerup", (up) => this.#drop(up), options);
    handle.addEventListener("pointercancel", () => this.#cancel(), options);
    document.addEventListener("keydown", (pressed) => pressed.key === "Escape" && this.#cancel(), options);
    this.entry.classList.add("is-dragged");
    this.frame = requestAnimationFrame(() => this.#follow());
  }

  #follow() {
    if (this.y < EDGE && this.entry.previousElementSibling) scrollBy(0, -SPEED);
    else if (this.y > innerHeight - EDGE && this.entry.nextElementSibling) scrollBy(0, SPEED);
    this.#arrange();
    this.frame = requestAnimationFrame(() => this.#follow());
  }

  #arrange() {
    const { entry, sortable } = this;
    while (this.y < middle(entry.previousElementSibling, -Infinity)) sortable.step(entry, -1);
    while (this.y > middle(entry.nextElementSibling, Infinity)) sortable.step(entry, 1);
  }

  #drop(event) {
    this.y = event.clientY;
    this.#arrange();
    this.#end();
  }

  #cancel() {
    this.sortable.list.append(...this.before);
    this.#end();
  }

  #end() {
    cancelAnimationFrame(this.frame);
    this.listening.abort();
    this.entry.classList.remove("is-dragged");
    const isMoved = this.sortable.entries.some((entry, index) => entry !== this.before[index]);
    this.sortable.dropped(this.entry, isMoved);
  }
}

// How far down the window (pixels) the middle of an element is; `otherwise` without one.
function middle(element, otherwise) {
  if (!element) return otherwise;
  const { top, height } = element.getBoundingClientRect();
  return top + height / 2;
}

function enhance(scope) {
  for (const root of scope.querySelectorAll("[data-sortable]:not(.is-live)")) new SortableList(root);
}

document.addEventListener("assay:fragment", (event) => enhance(event.target));
enhance(document);
