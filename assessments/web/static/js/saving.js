// Saves one item of an attempt: one request at a time, the latest state last, until the server says that it has it.

const PAUSE = 400; // milliseconds without a change before an answer is sent
const FRESH = 10_000; // an answer changed this recently (milliseconds) is what the person means now, whatever was stored
const LONGEST_WAIT = 30_000; // milliseconds between tries
const LONGEST_KEPT = 60_000; // bytes that browsers send on after the page is gone
const FORM = "application/x-www-form-urlencoded;charset=UTF-8";
const PATIENCE = 15_000; // milliseconds until a request counts as lost

export const SAVED = "saved";
export const SAVING = "saving";
export const RETRYING = "retrying"; // the server or the way to it fails
export const REFUSED = "refused"; // the answer does not fit; its message stands at the item
export const LOCKED_OUT = "lockedOut"; // signed out, or the page is too old
export const CLOSED = "closed"; // the attempt takes no more answers

export class SavedItem {
  constructor(element, access, onChange) {
    Object.assign(this, { element, access, onChange, state: SAVED, failures: 0, isWaiting: false, editedAt: -Infinity });
    this.position = element.dataset.position;
    this.prefix = element.dataset.prefix;
    this.sequence = Number(this.field.value);
    this.stored = "isRefused" in element.dataset ? null : this.#now();
    element.addEventListener("input", () => this.#edited());
    element.addEventListener("change", () => this.#edited());
    element.addEventListener("focusout", () => this.hurry());
  }

  get field() {
    return this.element.querySelector(`[name="${this.prefix}sequence"]`);
  }

  get isSettled() {
    return this.state === SAVED;
  }

  // Send at once what waits; with `isLeaving` the request outlives the page.
  hurry(isLeaving = false) {
    if (this.state === CLOSED || !this.isWaiting) return this.sending;
    if (this.sending && !isLeaving) return this.sending;
    return this.#send(isLeaving);
  }

  #now() {
    const fields = [...new FormData(this.element.closest("form"))];
    const own = fields.filter(([name]) => name.startsWith(this.prefix) && name !== `${this.prefix}sequence`);
    return new URLSearchParams(own).toString();
  }

  #edited() {
    const now = this.#now();
    if (this.state === CLOSED || (now === this.stored && this.isSettled)) return;
    this.editedAt = performance.now();
    this.#become(SAVING);
    this.#later(PAUSE);
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
    const sent = this.#now();
    this.sequence += 1;
    this.field.value = this.sequence; // a form sent without waiting counts on from here
    this.sending = this.#put(sent, isLeaving).finally(() => {
      this.sending = null;
      if (this.isWaiting && this.state === SAVING) this.#later(0); // changed while the last state was under way
    });
    return this.sending;
  }

  async #put(sent, isLeaving) {
    try {
      await this.access.renewIfDoubted();
      const body = new URLSearchParams(`${sent}&${this.prefix}sequence=${this.sequence}`).toString();
      const reply = await fetch(this.element.dataset.address, {
        method: "PUT",
        headers: { "Content-Type": FORM, Accept: "application/json", "X-CSRF-Token": this.access.token },
        body,
        credentials: "same-origin",
        keepalive: isLeaving && body.length < LONGEST_KEPT,
        signal: isLeaving ? undefined : AbortSignal.timeout(PATIENCE),
      });
      const isJson = reply.headers.get("Content-Type")?.includes("json");
      await this.#answered(reply.status, isJson ? await reply.json() : {}, sent);
    } catch {
      this.#tryAgain(RETRYING);
    }
  }

  async #answered(status, answer, sent) {
    if (status === 200 && answer.saved) this.#settle(sent, answer.sequence, answer.is_answered);
    else if (status === 409 && Number.isInteger(answer.sequence)) await this.#overtaken(answer, sent);
    else if (status === 410) this.#become(CLOSED, answer.message);
    else if (status === 422) this.#become(REFUSED, answer.message);
    else if ([400, 401, 403].includes(status)) this.#lockedOut(answer.message);
    else this.#tryAgain(RETRYING);
  }

  #lockedOut(message) {
    this.access.isDoubted = true;
    this.#tryAgain(LOCKED_OUT, message);
  }

  #settle(sent, sequence, isAnswered) {
    this.failures = 0;
    this.stored = sent;
    this.sequence = Math.max(this.sequence, sequence);
    this.field.value = this.sequence;
    this.isAnswered = isAnswered;
    if (this.#now() === sent) return this.#become(SAVED);
    this.#become(SAVING);
    return this.#later(0);
  }

  // Another window saved this item. What was typed here just now goes on top; an old answer gives way to the stored one.
  async #overtaken({ sequence }, sent) {
    this.sequence = Math.max(this.sequence, sequence);
    const isMeant = () => performance.now() - this.editedAt < FRESH || this.#now() !== sent;
    const fresh = isMeant() ? null : await this.#fetchStored();
    if (!fresh || isMeant()) return this.#later(0);
    this.element.replaceChildren(...fresh.children);
    this.element.dispatchEvent(new Event("assay:fragment", { bubbles: true }));
    this.#settle(this.#now(), Number(this.field.value), "isAnswered" in fresh.dataset);
    return this.onChange(this, this.element.closest("form").dataset.sayOvertaken);
  }

  // The item as the server shows it now, with what is stored.
  async #fetchStored() {
    const reply = await fetch(location.href, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    return reply.ok ? page.getElementById(this.element.id) : null;
  }

  #tryAgain(state, message = "") {
    this.failures += 1;
    this.#become(state, message);
    this.#later(Math.min(LONGEST_WAIT, 1000 * 2 ** (this.failures - 1)));
  }
}
