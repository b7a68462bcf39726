// Keys: Ctrl/Cmd+K always; single keys and sequences only where the person has not switched them off.
// An element that names its keys is pressed by them: data-keys="g d", "?" or "e". In lists, j and k walk the rows.
const SEQUENCE_MS = 1200;
let typed = "";
let timer = 0;

function isTyping(target) {
  return target.closest?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable], [role=combobox]");
}

function press(element) {
  if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function candidates() {
  const top = document.querySelector("dialog[open]") || document;
  return [...top.querySelectorAll("[data-keys]")].filter((element) => element.getClientRects().length || element.matches(".side__link"));
}

function rows() {
  return [...document.querySelectorAll("[data-list] :is(tbody tr, li), .table tbody tr")]
    .map((row) => row.querySelector("a[href], button"))
    .filter((link) => link && link.getClientRects().length);
}

function walkRows(step) {
  const links = rows();
  if (!links.length) return false;
  const here = document.activeElement?.closest("tr, li");
  const at = links.findIndex((link) => here?.contains(link));
  const next = links[Math.min(links.length - 1, Math.max(0, at + step))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector("[data-opens=palette]")?.click();
    return;
  }
  if (document.body.dataset.shortcuts === "off" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  if (event.key === "/" && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    (document.querySelector("[data-list-search]") || document.querySelector("[data-opens=palette]"))?.[document.querySelector("[data-list-search]") ? "focus" : "click"]();
    return;
  }
  if (event.key === "?") {
    document.querySelector("[data-opens=keyboard]")?.click();
    return;
  }
  if (event.key.length !== 1) return;
  typed = typed ? `${typed} ${event.key}` : event.key;
  clearTimeout(timer);
  timer = setTimeout(() => (typed = ""), SEQUENCE_MS);
  const all = candidates();
  const exact = all.find((element) => element.dataset.keys === typed) || all.find((element) => element.dataset.keys === event.key);
  if (exact) {
    typed = "";
    event.preventDefault();
    press(exact);
  } else if ((event.key === "j" || event.key === "k") && typed.length === 1 && walkRows(event.key === "j" ? 1 : -1)) {
    typed = "";
    event.preventDefault();
  } else if (!all.some((element) => element.dataset.keys.startsWith(`${typed} `))) {
    typed = "";
  }
}

export function watchKeys() {
  document.addEventListener("keydown", onKey);
  if (/Mac|iPhone|iPad/.test(navigator.platform)) {
    for (const key of document.querySelectorAll("[data-mod-key]")) key.textContent = `⌘ ${key.dataset.modKey}`;
  }
}
