// Reading only: the items of a page stay readable and can be copied from, and nothing in them can be changed.

const CHANGING = ["beforeinput", "click", "change", "input", "keydown", "pointerdown", "mousedown", "touchstart", "dragstart", "drop"];
const TEXTS = "textarea, input[type=text], input[type=number], input:not([type])";
const HARMLESS = /^(Tab|Escape|Arrow(Up|Down)|Page(Up|Down)|Home|End|F\d+)$/;

function isHarmless(event) {
  if (event.type === "keydown") return event.ctrlKey || event.metaKey || (HARMLESS.test(event.key) && !isChoosing(event.target));
  if (event.type === "beforeinput" || event.type === "drop") return false;
  return event.target.matches(TEXTS) || !event.target.closest("input, select, button, label, [draggable], [data-part]");
}

const isChoosing = (target) => target.matches("select, input[type=radio], [data-part] *");

export function readOnly(form) {
  if ("isReadOnly" in form.dataset) return;
  form.dataset.isReadOnly = "";
  for (const text of form.querySelectorAll(`[data-item] :is(${TEXTS})`)) text.readOnly = true;
  for (const control of form.querySelectorAll("[data-item] :is(input, select, textarea, button)")) {
    control.setAttribute("aria-disabled", "true");
  }
  const stop = (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-item]") || isHarmless(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  for (const kind of CHANGING) window.addEventListener(kind, stop, { capture: true, passive: false });
}
