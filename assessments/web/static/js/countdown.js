// The time left of an attempt, as the server counted it when the page was made; said aloud at 10, 5 and 1 minutes.

const box = document.querySelector("[data-countdown]");
const shown = box.querySelector("[data-time-left]");
const spoken = box.querySelector("[data-time-spoken]");
const toggle = box.querySelector("button");
const atStart = Number(box.dataset.secondsLeft);
const [ticksAtStart, dateAtStart] = [performance.now(), Date.now()];
const PREFERENCE = "assay.time-hidden";
const MARKS = [600, 300, 60, 0]; // seconds
let last = atStart;

// The larger of two clocks: one stands still while the machine sleeps, the other can be set back.
function secondsLeft() {
  const passed = Math.max(performance.now() - ticksAtStart, Date.now() - dateAtStart);
  return Math.max(0, Math.ceil(atStart - passed / 1000));
}

function asClock(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  return `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

function tick() {
  const left = secondsLeft();
  shown.textContent = left ? asClock(left) : box.dataset.sayOver;
  const passed = MARKS.filter((mark) => left <= mark && mark < last);
  if (passed.length) spoken.textContent = box.dataset[`say${passed.at(-1)}`];
  box.classList.toggle("is-short", left <= 300);
  last = left;
  if (left) setTimeout(tick, 1000 - (performance.now() % 1000));
  else hide(false);
}

function hide(isHidden) {
  shown.hidden = isHidden;
  toggle.textContent = isHidden ? toggle.dataset.sayShow : toggle.dataset.sayHide;
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

toggle.addEventListener("click", () => {
  hide(!shown.hidden);
  remember(shown.hidden);
});
toggle.hidden = false;
hide(remembered());
tick();
