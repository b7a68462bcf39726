// The command palette: a combobox over what the server finds; pages and commands come first.
import { fetchPiece } from "./net.js";

const WAIT_MS = 120;

export function mount(dialog) {
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  let timer = 0;
  let running = null;
  let found = ""; // what the options were found for
  let at = -1;

  const hits = () => [...list.querySelectorAll("[role=option]")];

  function choose(index) {
    const all = hits();
    at = all.length ? (index + all.length) % all.length : -1;
    all.forEach((hit, place) => hit.setAttribute("aria-selected", String(place === at)));
    if (at < 0) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }

  async function find() {
    clearTimeout(timer);
    running?.abort();
    running = new AbortController();
    const asked = input.value;
    try {
      list.innerHTML = await fetchPiece(`${dialog.dataset.url}?q=${encodeURIComponent(asked)}`, { signal: running.signal });
      found = asked;
      choose(0);
    } catch (error) {
      if (error.name !== "AbortError") list.textContent = "The search does not answer just now.";
    }
  }

  async function open() {
    if (found !== input.value) await find(); // never the first of what was found for fewer letters
    const hit = found === input.value ? hits()[at] : null;
    if (hit) location.assign(hit.dataset.url);
    else if (input.value.trim()) location.assign(`${dialog.dataset.search}?q=${encodeURIComponent(input.value)}`);
  }

  dialog.addEventListener("opened", () => {
    input.select();
    find();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, WAIT_MS);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      open();
    }
  });
  list.addEventListener("click", (event) => {
    const hit = event.target.closest("[role=option]");
    if (!hit) return;
    if (event.ctrlKey || event.metaKey) window.open(hit.dataset.url, "_blank", "noopener");
    else location.assign(hit.dataset.url);
  });
  list.addEventListener("mousemove", (event) => {
    const hit = event.target.closest("[role=option]");
    if (hit && hit.getAttribute("aria-selected") !== "true") choose(hits().indexOf(hit));
  });
}
