// The editor of an item: rows change and the preview follows without leaving the page. The server makes every part.

const PAUSE = 600; // milliseconds after the last key before the preview follows

let timer = 0;
let asked = 0; // the number of the newest question for a preview
let isUnsaved = false;
let isKeyTouched = false; // the key's controls were used after that question was sent

const form = () => document.getElementById("item-form");

document.addEventListener("input", noteChange);
document.addEventListener("change", noteChange);
document.addEventListener("submit", changeRows);
addEventListener("beforeunload", (event) => {
  if (isUnsaved) event.preventDefault();
});

function noteChange(event) {
  if (!form()?.contains(event.target)) return;
  tellUnsaved();
  if (event.target.closest("#key-controls")) isKeyTouched = true;
  if (event.target.closest("[data-of-content]")) schedule();
}

function tellUnsaved() {
  isUnsaved = true;
  const place = form().querySelector("[data-unsaved]");
  if (place && !place.textContent) place.textContent = form().dataset.sayUnsaved;
}

function schedule() {
  clearTimeout(timer);
  timer = setTimeout(refresh, PAUSE);
}

async function refresh() {
  const number = ++asked;
  isKeyTouched = false;
  const page = await post(form().dataset.preview, new FormData(form()));
  if (!page || number !== asked) return;
  exchange("preview", page);
  const isAtTheKey = document.getElementById("key-controls").contains(document.activeElement);
  if (!isKeyTouched && !isAtTheKey) exchange("key-controls", page);
}

// A button that changes rows: the form comes back changed, and the focus goes to what is new.
async function changeRows(event) {
  const button = event.submitter;
  if (event.target.id !== "item-form") return;
  if (button?.name !== "edit") {
    isUnsaved = false; // it is sent, and the answer is another page
    return;
  }
  event.preventDefault();
  clearTimeout(timer);
  asked += 1;
  const page = await post(form().action, new FormData(form(), button));
  const fresh = page?.getElementById("item-form");
  if (!fresh) {
    sendAsItIs(button);
    return;
  }
  const isOpen = form().querySelector("details.form-exact")?.open;
  form().replaceWith(fresh);
  if (isOpen) fresh.querySelector("details.form-exact").open = true;
  exchange("preview", page);
  tellUnsaved();
  announce(fresh);
  fresh.querySelector("[autofocus]")?.focus();
}

function sendAsItIs(button) {
  const wish = document.createElement("input");
  Object.assign(wish, { type: "hidden", name: button.name, value: button.value });
  form().append(wish);
  isUnsaved = false;
  form().submit();
}

function exchange(id, page) {
  const fresh = page.getElementById(id);
  const shown = document.getElementById(id);
  if (!fresh || !shown) return;
  shown.replaceWith(fresh);
  announce(fresh);
}

// Scripts that run already hear of the new part; those that it brings along are loaded and look at the page themselves.
function announce(part) {
  part.dispatchEvent(new Event("assay:fragment", { bubbles: true }));
  for (const script of part.querySelectorAll("script[src]")) import(script.src);
}

// The page that comes back, or null on any failure. Sent without parts, of which a request may have a thousand only.
async function post(url, data) {
  try {
    const reply = await fetch(url, { method: "POST", body: new URLSearchParams(data), headers: { Accept: "text/html" } });
    return reply.ok ? new DOMParser().parseFromString(await reply.text(), "text/html") : null;
  } catch {
    return null;
  }
}
