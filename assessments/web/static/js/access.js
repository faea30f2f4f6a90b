// The right to save: the token that the page was made with, renewed when somebody signed in again elsewhere.

export class Access {
  constructor(field) {
    this.field = field;
    this.isDoubted = false; // the server refused the token
  }

  get token() {
    return this.field.value;
  }

  // Ask for this page anew and take its token over; without a sign-in it leads elsewhere, and nothing changes.
  async renewIfDoubted() {
    if (!this.isDoubted) return;
    const reply = await fetch(location.href, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!reply.ok || reply.redirected) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = page.querySelector("form[data-attempt] [name=csrf_token]");
    if (!fresh) return;
    this.field.value = fresh.value;
    this.isDoubted = false;
  }
}
