// A field for a written text: how many words it has, and a way to begin with the text that is to be corrected.

const PAUSE = 500; // milliseconds without a change before the words are counted: no screen reader is talked over

// What counts as a word, as the server counts: scripts without spaces put a word into each character.
const UNSPACED =
  "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3041-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const PUNCTUATION = ".,;:!?…\"“”„‚‘’'«»‹›()\\[\\]\\{\\}¡¿*#\\/\\|·、。，．！？；：「」『』（）《》〈〉【】،؛؟۔।॥";
const DASHES = "–—―";
const EDGE = `[^\\s${UNSPACED}${PUNCTUATION}${DASHES}\\-]`;
const INSIDE = `[^\\s${UNSPACED}${DASHES}]`;
const WORD = new RegExp(`[${UNSPACED}]\\p{M}*|${EDGE}(?:${INSIDE}*${EDGE})?`, "gu");

const countWords = (text) => Array.from(text.matchAll(WORD)).length;

function tell(text, count) {
  const words = countWords(text.value);
  const most = Number(count.dataset.most) || Infinity;
  const said = words > most ? count.dataset.sayOver : words === 1 ? count.dataset.sayOne : count.dataset.sayMany;
  count.textContent = said.replace("[count]", words).replace("[over]", words - most);
  count.classList.toggle("is-over", words > most);
}

function offerToBegin(root, text) {
  const start = root.querySelector("[data-part=start]");
  if (!start) return () => {};
  root.querySelector("[data-part=plain]").hidden = true;
  const show = () => (start.hidden = text.value.trim() !== "");
  start.querySelector("[data-part=copy]").addEventListener("click", () => {
    text.value = root.querySelector("[data-part=original]").value;
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.dispatchEvent(new Event("change", { bubbles: true }));
  });
  show();
  return show;
}

function enhance(root) {
  const text = root.querySelector("[data-part=text]");
  if (!text || "isLive" in root.dataset) return;
  root.dataset.isLive = "";
  const count = root.querySelector("[data-part=count]");
  const show = offerToBegin(root, text);
  let timer = 0;
  tell(text, count);
  text.addEventListener("input", () => {
    show();
    clearTimeout(timer);
    timer = setTimeout(() => tell(text, count), PAUSE);
  });
}

const enhanceAll = (within) => within.querySelectorAll("[data-writing]").forEach(enhance);

enhanceAll(document);
document.addEventListener("assay:fragment", (event) => enhanceAll(event.target));
