// The attempt page: answers are saved as they are given, the bar tells how that stands, and leaving waits for it.

import { Access } from "./access.js";
import { CLOSED, LOCKED_OUT, REFUSED, RETRYING, SAVED, SAVING, SavedItem } from "./saving.js";

const form = document.querySelector("form[data-attempt]");
const bar = document.querySelector("[data-attempt-bar]");
const status = bar.querySelector("[data-save-state]");
const access = new Access(form.elements.csrf_token);
const items = [...form.querySelectorAll("[data-item]")].map((element) => new SavedItem(element, access, onChange));
let isLeaving = false;

function onChange(item, message) {
  showMessage(item, message);
  if (item.state === SAVED) markAnswered(item);
  if (item.state === CLOSED) close(message);
  tell();
}

function tell() {
  const worst = [CLOSED, LOCKED_OUT, REFUSED, RETRYING, SAVING].find((state) => items.some((one) => one.state === state));
  const state = worst === RETRYING && !navigator.onLine ? "offline" : (worst ?? SAVED);
  if (status.dataset.saveState === state) return;
  status.dataset.saveState = state;
  status.textContent = status.dataset[`say${state[0].toUpperCase()}${state.slice(1)}`];
}

function showMessage(item, message) {
  const place = item.element.querySelector("[data-item-message]");
  if (item.state === REFUSED) place.textContent = message || form.dataset.sayRefused;
  else place.textContent = item.state === CLOSED ? "" : message;
  place.hidden = !place.textContent;
}

function markAnswered(item) {
  const place = document.querySelector(`[data-place="${item.position}"]`);
  place.classList.toggle("is-answered", item.isAnswered);
  place.querySelector("[data-place-state]").textContent = item.isAnswered ? form.dataset.sayAnswered : form.dataset.sayOpen;
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

// Wait until all is stored; false when something is not and the person should stay.
async function flush() {
  await Promise.all(items.map((item) => item.hurry()));
  await Promise.all(items.map((item) => item.hurry()));
  return items.every((item) => item.isSettled);
}

const mayGo = () => items.every((item) => [SAVED, REFUSED, CLOSED].includes(item.state));

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
  leave(() => form.requestSubmit(event.submitter));
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
window.addEventListener("pageshow", () => (isLeaving = false));
window.addEventListener("online", () => items.forEach((item) => item.hurry()));
window.addEventListener("offline", tell);
window.addEventListener("beforeunload", (event) => {
  if (!isLeaving && items.some((item) => [RETRYING, LOCKED_OUT].includes(item.state))) event.preventDefault();
});
