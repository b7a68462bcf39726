// Short words that float in the corner; bad news stays until it is closed.
const GOOD_NEWS_MS = 6000;

function line(text, className) {
  const element = document.createElement("span");
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

export function toast(text, { kind = "info", requestId = "" } = {}) {
  const place = document.querySelector(".toasts");
  if (!place) return;
  const box = document.createElement("div");
  box.className = `notice notice--${kind} toast`;
  if (kind === "bad") box.setAttribute("role", "alert");
  const words = document.createElement("div");
  words.className = "toast__text";
  words.append(line(text));
  if (requestId) words.append(line(`Request ${requestId}`, "small muted"));
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button button--link";
  close.textContent = "Close";
  close.addEventListener("click", () => box.remove());
  box.append(words, close);
  place.append(box);
  if (kind !== "bad") setTimeout(() => box.remove(), GOOD_NEWS_MS);
}

export function mount() {}
