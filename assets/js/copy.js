// Copies a text: <button data-copy="id" hidden>.
export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = button.firstChild;
      try {
        await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
        words.textContent = "Copied";
      } catch {
        words.textContent = "Could not copy";
      }
    });
  }
}
