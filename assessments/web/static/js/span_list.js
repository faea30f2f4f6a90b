// The list of one's marks: everything that can be done to them in the text can be done here too, by buttons.

export class MarkList {
  // `desk` does what is asked for and tells the words of the page; `part` finds the elements of the list.
  constructor(desk, part) {
    Object.assign(this, { desk, list: part("list"), none: part("no-marks"), template: part("row"), rows: new Map() });
    Object.assign(this, { words: part("add-words"), kind: part("add-kind") });
    part("list-box").hidden = false;
    part("add-button").addEventListener("click", () => this.desk.addWords(this.words.value, this.kind.value));
    this.words.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // it would send the page
      this.desk.addWords(this.words.value, this.kind.value);
      this.words.select();
    });
  }

  // Bring the rows in line with the marks; a row that stays keeps its focus and whether it is open.
  draw(marks) {
    const focused = document.activeElement;
    const kept = new Set(marks.all.map((mark) => mark.id));
    for (const [id, row] of this.rows) {
      if (kept.has(id)) continue;
      row.remove();
      this.rows.delete(id);
    }
    marks.all.forEach((mark, n) => {
      const row = this.rows.get(mark.id) ?? this.#newRow(mark.id);
      this.#fill(row, mark, marks.quote(mark));
      if (this.list.children[n] !== row) this.list.insertBefore(row, this.list.children[n] ?? null);
    });
    this.none.hidden = marks.all.length > 0;
    if (focused !== document.activeElement && this.list.contains(focused)) focused.focus();
  }

  highlight(id) {
    for (const [one, row] of this.rows) row.classList.toggle("is-current", one === id);
  }

  #newRow(id) {
    const row = this.template.content.firstElementChild.cloneNode(true);
    const [select, panel] = [row.querySelector("select"), row.querySelector(".span-adjust")];
    const adjust = row.querySelector('[data-do="adjust"]');
    select.addEventListener("change", () => this.desk.rename(id, select.value));
    row.querySelector('[data-do="remove"]').addEventListener("click", () => this.#remove(id));
    adjust.addEventListener("click", () => {
      panel.hidden = !panel.hidden;
      adjust.setAttribute("aria-expanded", String(!panel.hidden));
    });
    for (const button of panel.querySelectorAll("[data-step]")) {
      const { side } = button.parentElement.dataset;
      const { unit, step } = button.dataset;
      button.addEventListener("click", () => this.desk.adjust(id, side, unit, Number(step)));
    }
    for (const name of ["focusin", "pointerenter"]) row.addEventListener(name, () => this.desk.highlight(id));
    for (const name of ["focusout", "pointerleave"]) row.addEventListener(name, () => this.desk.highlight(null));
    this.rows.set(id, row);
    return row;
  }

  #fill(row, mark, quote) {
    const name = (element, label) => element.setAttribute("aria-label", this.desk.words(label, { quote }));
    const number = row.querySelector("[data-kind]");
    number.dataset.kind = number.textContent = this.desk.kindOf(mark.category);
    row.querySelector("q").textContent = quote;
    row.querySelector("select").value = mark.category;
    name(row.querySelector("select"), "selectLabel");
    name(row.querySelector('[data-do="adjust"]'), "adjustLabel");
    name(row.querySelector('[data-do="remove"]'), "removeLabel");
    name(row.querySelector('[data-side="start"]'), "startLabel");
    name(row.querySelector('[data-side="end"]'), "endLabel");
  }

  #remove(id) {
    const index = [...this.list.children].indexOf(this.rows.get(id));
    this.desk.remove(id);
    const next = this.list.children[Math.min(index, this.list.children.length - 1)];
    (next?.querySelector('[data-do="remove"]') ?? this.words.closest("details").querySelector("summary")).focus();
  }
}
