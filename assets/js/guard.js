// Asks before a page with unsaved changes is left: <form data-guard>.
let leaving = false;

/** Lets the page be left without a question. */
export function letGo() {
  leaving = true;
}

/** What stands in a form, as one text to compare. */
export const answers = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));

const before = new Map(); // what of each form is saved

/** The server keeps what stood in the form then: leaving the page loses nothing of it. */
export function isKept(form, then) {
  before.set(form, then);
}

export function leavePageGuard() {
  const forms = [...document.querySelectorAll("form[data-guard]")];
  // A page that came back with an error holds text that is saved nowhere.
  for (const form of forms) before.set(form, form.dataset.guard === "unsaved" ? "" : answers(form));
  addEventListener("pageshow", () => (leaving = false));
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => (leaving = true));
  }
  addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some((form) => answers(form) !== before.get(form))) event.preventDefault();
  });
}
