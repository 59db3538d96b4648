// Passkeys: the browser asks the key, and the form carries its answer: <form data-passkey="get|create" data-options="...">.
// A form that only asks a key stays hidden where the browser cannot; the code beside it works everywhere.
export function passkeys() {
  if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      if (form.dataset.answered) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      answer(form).then(
        (credential) => {
          form.elements.credential.value = JSON.stringify(credential.toJSON());
          form.dataset.answered = "yes";
          form.requestSubmit();
        },
        () => {
          form.elements.credential.value = ""; // cancelled, or no such key: the page says so
          form.submit();
        },
      );
    });
  }
}

function answer(form) {
  const options = JSON.parse(form.dataset.options).publicKey;
  if (form.dataset.passkey === "create") {
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
}
