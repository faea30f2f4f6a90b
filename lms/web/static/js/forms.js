/* Forms: sending twice is prevented, and the first field with an error gets the focus. */

document.addEventListener("submit", (event) => {
  const button = event.submitter ?? event.target.querySelector("button:not([type=button])");
  if (event.target.method !== "post" || event.target.matches("[data-attempt]") || !button) return;
  if (button.getAttribute("aria-disabled") === "true") event.preventDefault();
  else button.setAttribute("aria-disabled", "true");
});

// A page that the browser kept in memory must be usable again.
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-disabled=true]")) button.removeAttribute("aria-disabled");
});

document.querySelector(".has-errors :is(input, select, textarea)")?.focus();
