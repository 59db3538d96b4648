// Opens what an answer asks for: <input data-aria-controls="id">. The package's own way sets aria-expanded on radios, which they may not have.
export function revealAnswers() {
  const inputs = [...document.querySelectorAll("input[data-aria-controls]")];
  const show = () => {
    for (const input of inputs) {
      const target = document.getElementById(input.dataset.ariaControls);
      target?.classList.toggle(`govuk-${input.type === "radio" ? "radios" : "checkboxes"}__conditional--hidden`, !input.checked);
    }
  };
  if (!inputs.length) return;
  document.addEventListener("change", show);
  addEventListener("pageshow", show);
  show();
}
