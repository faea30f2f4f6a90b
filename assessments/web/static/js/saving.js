// Saves one item of an attempt: one request at a time, the latest state last, until the server says that it has it.

import { randomName } from "./random_name.js";
import { send } from "./sending.js";

const PAUSE = 400; // milliseconds without a change before an answer is sent
const FRESH = 10_000; // an answer changed this recently (milliseconds) is what the person means now, whatever was stored
const LONGEST_WAIT = 30_000; // milliseconds between tries

export const SAVED = "saved";
export const SAVING = "saving";
export const RETRYING = "retrying"; // the server or the way to it fails
export const REFUSED = "refused"; // the answer does not fit; its message stands at the item
export const LOCKED_OUT = "lockedOut"; // signed out, or the page is too old
export const READING = "reading"; // another window writes
export const CLOSED = "closed"; // the attempt takes no more answers

export class SavedItem {
  // `desk` holds what the items of a page share: access, pen, device, and what to do when the pen is gone.
  constructor(element, desk, onChange) {
    Object.assign(this, { element, desk, onChange, state: SAVED, failures: 0, isWaiting: false, editedAt: -Infinity });
    this.position = element.dataset.position;
    this.prefix = element.dataset.prefix;
    this.sequence = Number(this.field.value); // the highest that was stored or sent
    this.stored = "isRefused" in element.dataset ? null : this.#now();
    element.addEventListener("input", () => this.#edited());
    element.addEventListener("change", () => this.#edited());
    element.addEventListener("focusout", () => this.hurry());
  }

  get field() {
    return this.element.querySelector(`[name="${this.prefix}sequence"]`);
  }

  get isSettled() {
    return this.state === SAVED || this.state === READING;
  }

  // Send at once what waits; with `isLeaving` the request outlives the page.
  hurry(isLeaving = false) {
    if ([CLOSED, READING].includes(this.state) || !this.isWaiting) return this.sending;
    if (this.sending && !isLeaving) return this.sending;
    return this.#send(isLeaving);
  }

  // Another window writes: what is not saved stays on the page and on the device.
  read() {
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.element.inert = false;
    if (this.state !== CLOSED) this.#become(READING);
  }

  // What was typed and is not saved lies on the device when this is done.
  async keepTyped() {
    if (this.pending) await this.desk.device.settled();
  }

  // What lay on the device since another page: sent when nothing newer is stored, else offered.
  restore(record) {
    if (this.pending) return undefined; // already answered anew
    if (record.fields === this.stored) return this.#arrived(record); // the window went before it heard so
    const isNewest = record.sequence >= this.sequence && record.epoch >= this.desk.pen.epoch - 1;
    return isNewest ? this.#replay(record) : this.#offer(record);
  }

  #now() {
    const fields = [...new FormData(this.element.closest("form"))];
    const own = fields.filter(([name]) => name.startsWith(this.prefix) && name !== `${this.prefix}sequence`);
    return new URLSearchParams(own).toString();
  }

  #edited() {
    const now = this.#now();
    if ([CLOSED, READING].includes(this.state) || (now === this.stored && this.isSettled)) return;
    this.editedAt = performance.now();
    this.#keep(now);
    this.#become(SAVING);
    this.#later(PAUSE);
  }

  // The save of these fields: a new state is a new save, the same one sent again is the same.
  #keep(fields) {
    if (this.pending?.fields === fields) return;
    const { position, prefix } = this;
    const made = { key: randomName(), madeAt: Date.now(), epoch: this.desk.pen.epoch };
    const record = { position, prefix, fields, sequence: this.sequence + 1, address: this.element.dataset.address, ...made };
    this.desk.device.keep(record);
    this.pending = { ...record, tick: performance.now() };
  }

  #later(pause) {
    clearTimeout(this.timer);
    this.isWaiting = true;
    this.timer = setTimeout(() => this.hurry(), pause);
  }

  #become(state, message = "") {
    this.state = state;
    this.onChange(this, message);
  }

  #send(isLeaving) {
    clearTimeout(this.timer);
    this.isWaiting = false;
    if (!this.isReplaying) this.#keep(this.#now());
    const sent = this.pending;
    this.sequence = Math.max(this.sequence, sent.sequence);
    this.field.value = this.sequence; // a form sent without waiting counts on from here
    this.sending = this.#put(sent, isLeaving).finally(() => {
      this.sending = null;
      if (this.isWaiting && this.state === SAVING) this.#later(0); // changed while the last state was under way
    });
    return this.sending;
  }

  async #put(sent, isLeaving) {
    const { access, device, pen } = this.desk;
    try {
      await access.renewIfDoubted();
      if (!isLeaving) await device.settled(); // it lies on the device before it goes out
      if (!(await pen.ready())) return this.desk.onPenGone();
      const { status, answer } = await send(sent, { token: access.token, epoch: pen.epoch, isLeaving });
      return await this.#answered(status, answer, sent);
    } catch (fault) {
      if (!fault.status) return this.#tryAgain(RETRYING);
      return this.#answered(fault.status, fault.answer, sent); // the pen was refused, for a reason that holds here too
    }
  }

  async #answered(status, answer, sent) {
    if (status === 200 && answer.saved) await this.#settle(sent, answer.sequence, answer.is_answered);
    else if (status === 409 && answer.reason === "taken-over") this.desk.onPenGone();
    else if (status === 409 && Number.isInteger(answer.sequence)) await this.#overtaken(answer, sent);
    else if (status === 410) this.#close(answer, sent);
    else if (status === 422) this.#refuse(answer.message, sent);
    else if ([400, 401, 403].includes(status)) this.#lockedOut(answer.message);
    else this.#tryAgain(RETRYING);
  }

  #close(answer, sent) {
    if ("kept" in answer) this.desk.device.forget(this.position, sent.key);
    this.element.inert = false;
    this.#become(CLOSED, answer.message);
  }

  #refuse(message, sent) {
    if (this.isReplaying) fillIn(this.element, this.prefix, sent.fields);
    this.isReplaying = this.element.inert = false;
    this.#become(REFUSED, message);
  }

  #lockedOut(message) {
    this.desk.access.isDoubted = true;
    this.#tryAgain(LOCKED_OUT, message);
  }

  async #settle(sent, sequence, isAnswered) {
    this.failures = 0;
    this.desk.device.forget(this.position, sent.key);
    this.sequence = Math.max(this.sequence, sequence);
    if (this.isReplaying) return this.#showReplayed();
    if (this.pending === sent) this.pending = null;
    this.stored = sent.fields;
    this.field.value = this.sequence;
    this.isAnswered = isAnswered;
    if (this.#now() === sent.fields) return this.#become(SAVED);
    this.#keep(this.#now());
    this.#become(SAVING);
    return this.#later(0);
  }

  #arrived(record) {
    this.desk.device.forget(this.position, record.key);
    this.#become(SAVED, this.#text("sayReplayed"));
  }

  #replay(record) {
    this.pending = record;
    this.isReplaying = this.element.inert = true; // what is shown now is not what is meant
    this.#become(SAVING, this.#text("sayReplaying"));
    this.#later(0);
    return this.hurry();
  }

  // The server has it: show what it has.
  async #showReplayed() {
    const fresh = await this.#fetchStored();
    if (!fresh) throw new Error("the page did not come");
    this.#show(fresh);
    this.pending = null;
    this.isReplaying = this.element.inert = false;
    this.#become(SAVED, this.#text("sayReplayed"));
  }

  #show(fresh) {
    this.element.replaceChildren(...fresh.children);
    this.element.dispatchEvent(new Event("assay:fragment", { bubbles: true }));
    this.sequence = Math.max(this.sequence, Number(this.field.value));
    this.field.value = this.sequence;
    this.stored = this.#now();
    this.isAnswered = "isAnswered" in fresh.dataset;
  }

  // Another window saved this item. What was typed here just now goes on top; an old answer gives way to the stored one.
  async #overtaken({ sequence }, sent) {
    this.sequence = Math.max(this.sequence, sequence);
    const isMeant = () => !this.isReplaying && (performance.now() - this.editedAt < FRESH || this.#now() !== sent.fields);
    const fresh = isMeant() ? null : await this.#fetchStored();
    if (!fresh && !isMeant()) return this.#tryAgain(RETRYING);
    this.pending = null; // sent again, it is another save
    if (isMeant()) return this.#later(0);
    this.isReplaying = this.element.inert = false;
    this.failures = 0;
    this.#show(fresh);
    this.#become(SAVED);
    return this.#offer(sent);
  }

  // A later answer is stored and shown; the one from this device is not lost: the person chooses.
  #offer(record) {
    if (record.fields === this.stored) return this.desk.device.forget(this.position, record.key);
    const use = () => {
      this.desk.device.forget(this.position, record.key);
      this.#replay({ ...record, key: randomName(), sequence: this.sequence + 1, epoch: this.desk.pen.epoch });
      this.desk.device.keep(this.pending);
    };
    const drop = () => {
      this.desk.device.forget(this.position, record.key);
      this.onChange(this, "");
    };
    this.onChange(this, this.#text("sayOvertaken"), [
      [this.#text("sayUse"), use],
      [this.#text("sayDrop"), drop],
    ]);
    return undefined;
  }

  #text(name) {
    return this.element.closest("form").dataset[name];
  }

  // The item as the server shows it now, with what is stored.
  async #fetchStored() {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (reply.redirected) location.reload(); // the attempt is over, or the sign-in is
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    return reply.ok ? page.getElementById(this.element.id) : null;
  }

  #tryAgain(state, message = "") {
    this.failures += 1;
    this.#become(state, message || (this.isReplaying ? this.#text("sayReplaying") : ""));
    this.#later(Math.min(LONGEST_WAIT, 1000 * 2 ** (this.failures - 1)));
  }
}

// Put fields back into plain controls, for an answer that the server refused and so cannot show.
function fillIn(element, prefix, fields) {
  const typed = new URLSearchParams(fields);
  for (const control of element.querySelectorAll(`[name^="${prefix}"]`)) {
    if (control.name === `${prefix}sequence`) continue;
    const values = typed.getAll(control.name);
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}
