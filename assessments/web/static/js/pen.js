// The pen: which window writes the attempt. The server knows it by its epoch; the windows of one browser by a lock.

import { randomName } from "./random_name.js";

const PATIENCE = 1200; // milliseconds: until then the page that was here before has let go of its lock

export class Pen {
  // `onLost` is called when another window of this browser takes over.
  constructor({ attempt, epoch, address, access, onLost }) {
    Object.assign(this, { name: `assay.pen.${attempt}`, shown: epoch, epoch, address, access, onLost });
    this.tab = "";
    this.isMine = false;
  }

  // Whether this window writes; asked once, and again after the way to the server failed.
  ready() {
    this.asking ??= this.#ask().catch((fault) => {
      this.asking = null;
      throw fault;
    });
    return this.asking;
  }

  // Take the pen from whoever has it; the page should be loaded anew then, to show what is stored.
  async takeOver() {
    await this.#claim(randomName(), true);
    await this.#lock({ steal: true });
  }

  // Another window has it: this one only reads from now on.
  lose() {
    this.isMine = false;
    this.asking = Promise.resolve(false);
    this.release?.();
  }

  static forget(attempt) {
    new Pen({ attempt }).#remember(null);
  }

  async #ask() {
    if (!this.release && !(await this.#lock({ signal: AbortSignal.timeout(PATIENCE) }))) return false;
    const held = this.#remembered();
    if (held && held.epoch === this.shown) this.#hold(held.tab, held.epoch);
    else await this.#claim(held?.tab ?? randomName(), false);
    return this.isMine;
  }

  async #claim(tab, take) {
    await this.access.renewIfDoubted();
    const named = this.#isRemembering() ? tab : ""; // else each page would be a stranger: the sign-in stands for it
    this.#remember({ tab: named }); // before asking: the pen may be given and the word of it lost
    const reply = await fetch(this.address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": this.access.token },
      body: JSON.stringify({ tab: named, take }),
      credentials: "same-origin",
    });
    const answer = reply.headers.get("Content-Type")?.includes("json") ? await reply.json() : {};
    if (!reply.ok) throw Object.assign(new Error("the pen was not given"), { status: reply.status, answer });
    if (!answer.is_mine) return this.lose();
    this.#hold(named, answer.epoch);
    return this.#remember({ tab: named, epoch: answer.epoch });
  }

  #hold(tab, epoch) {
    Object.assign(this, { tab, epoch, isMine: true });
  }

  // One window of this browser at a time; false when another one has it.
  #lock(options) {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((resolve) => {
      const held = () => {
        resolve(true);
        return new Promise((release) => (this.release = release));
      };
      navigator.locks.request(this.name, options, held).catch(() => {
        resolve(false);
        if (!this.release) return;
        this.lose();
        this.onLost();
      });
    });
  }

  // Windows that cannot be told apart by a lock must not share what they remember.
  get #memory() {
    return navigator.locks ? localStorage : sessionStorage;
  }

  #isRemembering() {
    try {
      this.#memory.setItem("assay.pen", "");
      return true;
    } catch {
      return false; // storage may be forbidden
    }
  }

  #remembered() {
    try {
      return JSON.parse(this.#memory.getItem(this.name));
    } catch {
      return null;
    }
  }

  #remember(held) {
    try {
      if (held) this.#memory.setItem(this.name, JSON.stringify(held));
      else this.#memory.removeItem(this.name);
    } catch {
      // the pen then belongs to the sign-in
    }
  }
}
