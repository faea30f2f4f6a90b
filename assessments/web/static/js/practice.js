// Practice: a try is sent without leaving the lesson, and its feedback takes the place of the box.

document.addEventListener("submit", (event) => {
  const section = event.target.closest("section.practice");
  if (!section) return;
  event.preventDefault();
  tryAnswer(section, event.target);
});

async function tryAnswer(section, form) {
  if (section.ariaBusy === "true") return;
  section.ariaBusy = "true";
  const fresh = await send(form);
  if (fresh?.id !== section.id) {
    form.submit();
    return;
  }
  section.replaceWith(fresh);
  fresh.dispatchEvent(new Event("assay:fragment", { bubbles: true }));
  fresh.querySelector("[data-focus]")?.focus();
}

// The new box, or null on any failure. Sent twice, a try counts once: its key goes along.
async function send(form) {
  try {
    const headers = { Accept: "text/html", "X-Fragment": "1" };
    const reply = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    return reply.ok || reply.status === 422 ? page.querySelector("section.practice") : null;
  } catch {
    return null;
  }
}
