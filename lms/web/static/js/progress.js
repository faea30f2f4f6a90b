// The progress of something long: its report is fetched anew until it is over.

const PAUSE = 1000; // milliseconds

async function follow() {
  const shown = document.querySelector("[data-progress]");
  if (!shown || "isOver" in shown.dataset) return;
  try {
    const reply = await fetch(shown.dataset.progress, { headers: { "X-Fragment": "1" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("[data-progress]");
    if (reply.ok && fresh) shown.replaceWith(fresh);
  } catch {
    // the line is down for a moment; the next look may succeed
  }
  setTimeout(follow, PAUSE);
}

setTimeout(follow, PAUSE);
