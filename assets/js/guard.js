// Asks before a page with unsaved changes is left: <form data-guard>.
let leaving = false;

/** Lets the page be left without a question. */
export function letGo() {
  leaving = true;
}

const answers = (form) => JSON.stringify([...new FormData(form)].map(([name, value]) => [name, String(value)]));

export function leavePageGuard() {
  const forms = [...document.querySelectorAll("form[data-guard]")];
  // A page that came back with an error holds text that is saved nowhere.
  const before = new Map(forms.map((form) => [form, form.dataset.guard === "unsaved" ? "" : answers(form)]));
  addEventListener("pageshow", () => (leaving = false));
  for (const form of document.querySelectorAll("form")) {
    form.addEventListener("submit", () => (leaving = true));
  }
  addEventListener("beforeunload", (event) => {
    if (!leaving && forms.some((form) => answers(form) !== before.get(form))) event.preventDefault();
  });
}
