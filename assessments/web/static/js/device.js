// What is not saved yet lies on this device, one record a position, until the server has it. Only answers, never a key.

const NAME = "assay";
const STORE = "unsaved";
const LONGEST_KEPT = 30 * 24 * 3600 * 1000; // milliseconds: after that no attempt takes them any more
const PATIENCE = 1000; // milliseconds: a slow device does not hold up what can be sent

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

export class Device {
  // `onForbidden` is called once when this browser keeps nothing.
  constructor(attempt, person, onForbidden = () => {}) {
    Object.assign(this, { attempt, person, onForbidden, isForbidden: false });
    this.opened = this.#open().catch(() => this.#forbid());
    this.keeping = this.opened; // resolves when all that was asked of it is done
  }

  // Wait until all that was asked to be kept or forgotten is, but not for long.
  settled() {
    return Promise.race([this.keeping, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  }

  // A record: position, address, prefix, fields, sequence, key, epoch, madeAt (milliseconds of this device's clock).
  keep(record) {
    const whole = { ...record, attempt: this.attempt, person: this.person };
    this.keeping = this.#within((store) => store.put(whole));
    return this.keeping;
  }

  // Forget a position, unless something newer than `key` lies there by now.
  forget(position, key) {
    this.keeping = this.#within(async (store) => {
      const kept = await done(store.get([this.attempt, position]));
      if (kept?.key === key) store.delete([this.attempt, position]);
    });
    return this.keeping;
  }

  // What this person has not saved of this attempt, in the order in which it was made.
  async records() {
    const all = (await this.#within((store) => done(store.getAll()), "readonly")) ?? [];
    const own = all.filter((one) => one.attempt === this.attempt && one.person === this.person);
    return own.sort((one, other) => one.madeAt - other.madeAt);
  }

  async #open() {
    const opening = indexedDB.open(NAME, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: ["attempt", "position"] });
    this.database = await done(opening);
    const store = this.database.transaction(STORE, "readwrite").objectStore(STORE);
    for (const old of await done(store.getAll())) {
      if (Date.now() - old.madeAt > LONGEST_KEPT) store.delete([old.attempt, old.position]);
    }
  }

  #forbid() {
    if (this.isForbidden) return;
    this.isForbidden = true;
    this.onForbidden();
  }

  // Work in one transaction; nothing comes of it where the browser forbids it.
  async #within(work, mode = "readwrite") {
    await this.opened;
    if (this.isForbidden) return undefined;
    try {
      const transaction = this.database.transaction(STORE, mode, { durability: "strict" });
      const completed = new Promise((resolve, reject) => {
        transaction.oncomplete = resolve;
        transaction.onabort = () => reject(transaction.error);
      });
      const [result] = await Promise.all([work(transaction.objectStore(STORE)), completed]);
      return result;
    } catch {
      return this.#forbid();
    }
  }
}
