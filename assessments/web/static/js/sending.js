// Sends one answer to the server: the same record twice is the same save, whoever sends it.

const LONGEST_KEPT = 60_000; // bytes that browsers send on after the page is gone
const PATIENCE = 15_000; // milliseconds until a request counts as lost
const FORM = "application/x-www-form-urlencoded;charset=UTF-8";

// The larger of two clocks: one stands still while the machine sleeps, the other can be set back.
function ageOf({ madeAt, tick }) {
  const passed = Math.max(Date.now() - madeAt, tick === undefined ? 0 : performance.now() - tick);
  return String(Math.max(0, Math.round(passed)));
}

// Resolves to {status, answer}; fails when nothing came back. Without an epoch the save is not fenced.
export async function send(record, terms) {
  const first = await put(record, terms);
  // An answer may have been under way while the time ran out: its age is told anew, and then it counts as given in time.
  return first.status === 410 && first.answer.kept === false ? put(record, terms) : first;
}

async function put(record, { token, epoch, isLeaving = false }) {
  const body = new URLSearchParams(`${record.fields}&${record.prefix}sequence=${record.sequence}`).toString();
  const headers = {
    "Content-Type": FORM,
    Accept: "application/json",
    "X-CSRF-Token": token,
    "Idempotency-Key": record.key,
    "X-Answer-Age": ageOf(record),
  };
  if (epoch) headers["X-Pen-Epoch"] = String(epoch);
  const reply = await fetch(record.address, {
    method: "PUT",
    headers,
    body,
    credentials: "same-origin",
    keepalive: isLeaving && body.length < LONGEST_KEPT,
    signal: isLeaving ? undefined : AbortSignal.timeout(PATIENCE),
  });
  const isJson = reply.headers.get("Content-Type")?.includes("json");
  return { status: reply.status, answer: isJson ? await reply.json() : {} };
}
