// The attempt page: answers are saved as they are given, the bar tells how that stands, and leaving waits for it.

import { Access } from "./access.js";
import { Device } from "./device.js";
import { Elsewhere } from "./elsewhere.js";
import { Pen } from "./pen.js";
import { readOnly } from "./reading_only.js";
import { CLOSED, LOCKED_OUT, READING, REFUSED, RETRYING, SAVED, SAVING, SavedItem } from "./saving.js";

const form = document.querySelector("form[data-attempt]");
const bar = document.querySelector("[data-attempt-bar]");
const status = bar.querySelector("[data-save-state]");
const takenOver = document.querySelector("[data-taken-over]");
const { attemptId: attempt, person, penAddress: address } = form.dataset;
const access = new Access(form.elements.csrf_token);
const device = new Device(attempt, person, () => (document.querySelector("[data-keeps-nothing]").hidden = false));
const pen = new Pen({ attempt, epoch: Number(form.dataset.penEpoch), address, access, onLost: onPenGone });
const desk = { access, device, pen, onPenGone };
const items = [...form.querySelectorAll("[data-item]")].map((element) => new SavedItem(element, desk, onChange));
const elsewhere = new Elsewhere(desk, { onSaved: markAnswered, onChange: tell });
let isLeaving = false;

function onChange(item, message, choices = []) {
  showMessage(item, message, choices);
  if (item.state === SAVED) markAnswered(item.position, item.isAnswered);
  if (item.state === CLOSED) close(message);
  tell();
}

function tell() {
  const states = [CLOSED, READING, LOCKED_OUT, REFUSED, RETRYING, SAVING];
  let state = states.find((one) => items.some((item) => item.state === one)) ?? (elsewhere.isSettled ? SAVED : RETRYING);
  if (state === RETRYING && !navigator.onLine) state = device.isForbidden ? "offlineHere" : "offline";
  if (status.dataset.saveState === state) return;
  status.dataset.saveState = state;
  status.textContent = status.dataset[`say${state[0].toUpperCase()}${state.slice(1)}`];
}

function showMessage(item, message, choices) {
  const place = item.element.querySelector("[data-item-message]");
  if (item.state === REFUSED) place.textContent = message || form.dataset.sayRefused;
  else place.textContent = item.state === CLOSED ? "" : message;
  for (const [text, choose] of choices) {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.addEventListener("click", choose);
    place.append(" ", button);
  }
  place.hidden = !place.textContent;
}

function markAnswered(position, isAnswered) {
  if (isAnswered === undefined) return;
  const place = document.querySelector(`[data-place="${position}"]`);
  place.classList.toggle("is-answered", isAnswered);
  place.querySelector("[data-place-state]").textContent = isAnswered ? form.dataset.sayAnswered : form.dataset.sayOpen;
  const places = [...document.querySelectorAll("[data-place]")];
  const count = places.filter((one) => one.classList.contains("is-answered")).length;
  bar.querySelector("[data-answered]").textContent = count;
}

function close(message) {
  const notice = document.querySelector("[data-closed]");
  if (message) notice.querySelector("[data-closed-message]").textContent = message;
  if (!notice.hidden) return;
  notice.hidden = false;
  notice.focus();
}

// Another window writes: this one shows what it has, and offers to take over.
function onPenGone() {
  pen.lose();
  items.forEach((item) => item.read());
  readOnly(form);
  tell();
  if (!takenOver.hidden) return;
  const isUnsaved = items.some((item) => item.pending);
  takenOver.querySelector("[data-unsaved]").hidden = !isUnsaved;
  takenOver.hidden = false;
  takenOver.focus();
}

takenOver.querySelector("button").addEventListener("click", async (event) => {
  event.preventDefault();
  const failed = takenOver.querySelector("[data-failed]");
  try {
    await Promise.all(items.map((item) => item.keepTyped()));
    await pen.takeOver();
    isLeaving = true;
    location.reload(); // to show what is stored by now, and what lies on this device beside it
  } catch (fault) {
    failed.textContent = fault.answer?.message ?? failed.dataset.say;
    failed.hidden = false;
  }
});

// What was typed on this device before, in a window that is gone, is put back before anything else is done with it.
async function begin() {
  try {
    if (!(await pen.ready())) return onPenGone();
    form.elements.tab.value = pen.tab;
    const records = await device.records();
    for (const record of records) {
      const item = items.find((one) => one.position === record.position);
      if (item) item.restore(record);
      else elsewhere.add(record);
    }
    if (records.length) await elsewhere.hurry();
  } catch (fault) {
    if (fault.status === 410) return close(fault.answer.message);
    access.isDoubted = [400, 401, 403].includes(fault.status);
    setTimeout(begin, 3000);
  }
}

// Send all that waits, and let the device forget what has arrived.
async function flush() {
  await Promise.all(items.map((item) => item.hurry()));
  await Promise.all(items.map((item) => item.hurry()));
  await elsewhere.hurry();
  await device.settled();
}

const mayGo = () => items.every((item) => [SAVED, READING, REFUSED, CLOSED].includes(item.state));

async function leave(go) {
  await flush();
  if (!mayGo()) return status.focus();
  // A form that is just being submitted ignores a second submit: let that event end first.
  await new Promise((resolve) => setTimeout(resolve));
  isLeaving = true;
  return go();
}

form.addEventListener("submit", (event) => {
  if (isLeaving) return;
  event.preventDefault();
  if (items.some((item) => item.state === READING)) takenOver.focus();
  else leave(() => form.requestSubmit(event.submitter));
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
  if (items.every((item) => item.isSettled)) return;
  event.preventDefault();
  leave(() => location.assign(link.href));
});

const saveBeforeHiding = () => items.forEach((item) => item.hurry(true));
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveBeforeHiding());
window.addEventListener("pagehide", saveBeforeHiding);
// A page that the browser kept in memory has lost its lock, and may be behind what is stored.
window.addEventListener("pageshow", (event) => (event.persisted ? location.reload() : (isLeaving = false)));
window.addEventListener("online", () => [...items, elsewhere].forEach((one) => one.hurry()));
window.addEventListener("offline", tell);
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && items.some((item) => [RETRYING, LOCKED_OUT].includes(item.state))) event.preventDefault();
});

begin();
