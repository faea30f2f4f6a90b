// The time left of an attempt or of a break, as the server counts it; said aloud at 10, 5 and 1 minutes. The page never
// ends anything by itself: at the marks, at zero and when it is looked at again it asks the server, whose clock counts.

const box = document.querySelector("[data-countdown]");
const PREFERENCE = "assay.time-hidden";
const MARKS = [600, 300, 60, 0]; // seconds
const OFTEN = 300_000; // milliseconds between questions at most
const SOON = 5_000; // milliseconds until a question that failed, or found time left at zero, is asked again
const NOTABLE = 5; // seconds by which the server's answer must differ to be told

class Countdown {
  constructor() {
    this.shown = box.querySelector("[data-time-left]");
    this.spoken = box.querySelector("[data-time-spoken]");
    this.toggle = box.querySelector("button");
    this.field = box.dataset.countdown === "break" ? "break_seconds_left" : "seconds_left";
    this.count(Number(box.dataset.secondsLeft));
    this.last = this.base;
    this.askedAt = performance.now();
    this.toggle.addEventListener("click", () => {
      this.hide(!this.shown.hidden);
      remember(this.shown.hidden);
    });
    this.toggle.hidden = false;
    this.hide(remembered());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.ask());
    addEventListener("online", () => this.ask());
    this.tick();
  }

  count(seconds) {
    this.base = seconds;
    [this.ticks, this.date] = [performance.now(), Date.now()];
  }

  // The larger of two clocks: one stands still while the machine sleeps, the other can be set back.
  get left() {
    const passed = Math.max(performance.now() - this.ticks, Date.now() - this.date);
    return Math.max(0, Math.ceil(this.base - passed / 1000));
  }

  tick() {
    clearTimeout(this.timer);
    const left = this.left;
    this.shown.textContent = left ? asClock(left) : box.dataset.sayOver;
    const passed = MARKS.filter((mark) => left <= mark && mark < this.last);
    if (passed.length) this.say(box.dataset[`say${passed.at(-1)}`]);
    if (passed.length || performance.now() - this.askedAt > OFTEN) this.ask();
    box.classList.toggle("is-short", left <= 300);
    this.last = left;
    if (left) this.timer = setTimeout(() => this.tick(), 1000 - (performance.now() % 1000));
    else this.hide(false);
  }

  async ask() {
    if (this.isClosed || this.isAsking) return;
    this.isAsking = true;
    this.askedAt = performance.now();
    try {
      const reply = await fetch(box.dataset.address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!reply.ok || reply.redirected) throw new Error(reply.status);
      this.adopt(await reply.json());
    } catch {
      if (!this.left) setTimeout(() => this.ask(), SOON);
    } finally {
      this.isAsking = false;
    }
  }

  adopt(answer) {
    if (answer.is_untimed && this.field === "seconds_left") return this.stop(box.dataset.sayUntimed);
    if (answer.is_closed) return this.close();
    const difference = answer[this.field] - this.left;
    if (!answer[this.field] && this.field === "seconds_left") setTimeout(() => this.ask(), SOON);
    if (Math.abs(difference) <= 1) return undefined;
    this.count(answer[this.field]);
    this.last = Math.max(this.last, this.left);
    if (Math.abs(difference) > NOTABLE) this.say(`${box.dataset.sayMoved} ${asClock(this.left)}`);
    return this.tick();
  }

  close() {
    this.isClosed = true; // nothing more to ask
    const isOver = !this.left;
    this.count(0);
    this.last = 0;
    this.tick();
    if (!isOver) this.stop(box.dataset.sayClosed);
  }

  stop(words) {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.shown.textContent = words;
    this.say(words);
  }

  say(text) {
    this.spoken.textContent = text;
  }

  hide(isHidden) {
    this.shown.hidden = isHidden;
    this.toggle.textContent = isHidden ? this.toggle.dataset.sayShow : this.toggle.dataset.sayHide;
  }
}

function asClock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

function remembered() {
  try {
    return sessionStorage.getItem(PREFERENCE) === "yes";
  } catch {
    return false; // storage may be forbidden
  }
}

function remember(isHidden) {
  try {
    sessionStorage.setItem(PREFERENCE, isHidden ? "yes" : "no");
  } catch {
    // the choice then lasts for this page
  }
}

if (box) new Countdown();
