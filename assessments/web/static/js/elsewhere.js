// Answers that lie on this device and belong to other pages of the attempt: sent from here, in the order they were made.

import { send } from "./sending.js";

const PAUSE = 15_000; // milliseconds between tries

export class Elsewhere {
  // `onSaved` is called with the position and whether it is answered now; `onChange` whenever something is settled.
  constructor(desk, { onSaved, onChange }) {
    Object.assign(this, { desk, onSaved, onChange, waiting: [] });
  }

  get isSettled() {
    return !this.waiting.length;
  }

  // What another window stored later stays where it is: the question's own page offers the choice.
  add(record) {
    if (record.epoch >= this.desk.pen.epoch - 1) this.waiting.push(record);
  }

  // Send all that waits; what cannot be sent now waits on.
  async hurry() {
    clearTimeout(this.timer);
    if (this.isSettled || this.isSending) return;
    this.isSending = true;
    try {
      while (!this.isSettled) {
        await this.#sendFirst();
        this.waiting.shift();
      }
    } catch {
      this.timer = setTimeout(() => this.hurry(), PAUSE);
    } finally {
      this.isSending = false;
      this.onChange();
    }
  }

  async #sendFirst() {
    const { access, device, pen } = this.desk;
    const [record] = this.waiting;
    if (!(await pen.ready())) return;
    const { status, answer } = await send(record, { token: access.token, epoch: pen.epoch });
    if (status >= 500 || [400, 401, 403, 429].includes(status)) throw new Error("not taken now");
    if (status === 200 || "kept" in answer) await device.forget(record.position, record.key);
    if (status === 200) this.onSaved(record.position, answer.is_answered);
  }
}
