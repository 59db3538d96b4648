// Warns two minutes before the session ends, keeps it alive while somebody types, and keeps the text if it ended.
const WARN_MS = 120_000;
const PING_MS = 60_000;
const LAG_MS = 60_000; // the server notes activity at most once a minute, so its clock may be behind ours
const SHARED = "last-activity"; // tells other tabs; holds a time, nothing else

export function sessionWarning() {
  const dialog = document.querySelector("dialog[data-session]");
  if (!dialog) return;
  const idle = Number(dialog.dataset.idleSeconds) * 1000 - LAG_MS;
  const parts = Object.fromEntries(
    [...dialog.querySelectorAll("[data-part]")].map((element) => [element.dataset.part, element]),
  );
  let active = Date.now();
  let pinged = active;
  let ended = false;
  share();

  function share() {
    try {
      localStorage.setItem(SHARED, String(active));
    } catch {
      // Storage is switched off: each tab counts for itself.
    }
  }

  function lastActive() {
    try {
      return Math.max(active, Math.min(Number(localStorage.getItem(SHARED)) || 0, Date.now()));
    } catch {
      return active;
    }
  }

  const token = () => dialog.querySelector("input[name=csrfmiddlewaretoken]").value;

  async function keepAlive() {
    pinged = Date.now();
    try {
      const response = await fetch(dialog.dataset.keepAliveUrl, {
        method: "POST",
        body: new URLSearchParams({ csrfmiddlewaretoken: token() }),
      });
      if (response.redirected || [401, 403].includes(response.status)) return end();
      if (response.ok) {
        active = pinged;
        share();
        close();
      }
    } catch {
      // No connection: the next key pressed tries again, and the warning still comes in time.
    }
  }

  function open() {
    if (!dialog.open) dialog.showModal();
  }

  function close() {
    if (dialog.open && !ended) dialog.close();
  }

  function end() {
    ended = true;
    parts.ending.hidden = true;
    parts.ended.hidden = false;
    open();
  }

  // After signing in elsewhere the forms of this page need the new session's token.
  async function resume() {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("dialog[data-session] input[name=csrfmiddlewaretoken]");
    if (!fresh) {
      parts.still.hidden = false;
      return;
    }
    for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = fresh.value;
    ended = false;
    active = Date.now();
    share();
    parts.ending.hidden = false;
    parts.ended.hidden = true;
    parts.still.hidden = true;
    close();
  }

  function tick() {
    if (ended) return;
    const left = lastActive() + idle - Date.now();
    if (left <= 0) end();
    else if (left <= WARN_MS) {
      const words = left > 60_000 ? "2 minutes" : left > 30_000 ? "1 minute" : "less than 30 seconds";
      if (parts.left.textContent !== words) parts.left.textContent = words;
      open();
    } else close();
  }

  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (!ended) keepAlive();
  });
  parts.stay.addEventListener("submit", (event) => {
    event.preventDefault();
    keepAlive();
  });
  parts.resume.addEventListener("click", resume);
  document.addEventListener("input", () => {
    if (!ended && Date.now() - pinged >= PING_MS) keepAlive();
  });
  setInterval(tick, 1000);
}
