// Asks before typed text is left behind, and sends a form once.
const SEND_AGAIN_AFTER = 8000; // milliseconds; after a lost connection the button works again

export function guardForms() {
  let unsaved = false;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    // A page that came back with errors or a conflict holds text that is saved nowhere.
    unsaved ||= form.dataset.guard === "unsaved";
    form.addEventListener("input", () => (unsaved = true));
    form.addEventListener("submit", () => (unsaved = false));
  }
  addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "yes";
      setTimeout(() => delete form.dataset.sent, SEND_AGAIN_AFTER);
    });
  }
  // Back to a page the browser kept: its forms may be sent again.
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
    }
  });

  for (const button of document.querySelectorAll("button[data-use]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const input = document.getElementById(button.dataset.use);
      input.value = button.dataset.text;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.focus();
    });
  }
}
