// Small manners: a menu closes with Escape or a click elsewhere; a blocked button does nothing.
export function closeMenus() {
  const menus = document.querySelectorAll("details[data-menu]");
  document.addEventListener("click", (event) => {
    for (const menu of menus) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (menu.open && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });
}

export function stillBlocked() {
  for (const button of document.querySelectorAll("[data-blocked]")) {
    button.addEventListener("click", (event) => event.preventDefault());
  }
}

/** Moves to what must be read first, unless there is an error summary, which moves there itself. */
export function focusFirst() {
  if (document.querySelector("[data-module='govuk-error-summary']")) return;
  document.querySelector("[data-focus]")?.focus();
}
