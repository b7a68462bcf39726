// The builder of questions: what is typed while an answer comes is not lost, and Enter in a field asks.
let held = null;

function isText(element) {
  return element?.matches?.('input:not([type="checkbox"], [type="radio"], [type="hidden"]), textarea');
}

function remember(event) {
  const form = event.target.closest?.("#explore-form");
  const active = document.activeElement;
  held = null;
  if (!form || !form.contains(active) || !isText(active)) return;
  if (active.value === active.defaultValue) return;
  held = { id: active.id, value: active.value, start: active.selectionStart, end: active.selectionEnd };
}

function restore() {
  const field = held && document.getElementById(held.id);
  if (field) {
    field.value = held.value;
    field.focus({ preventScroll: true });
    if (field.type !== "number" && field.type !== "date") field.setSelectionRange(held.start, held.end);
  }
  held = null;
}

let watching = false;
const unfolded = new Set();

export function mount(form) {
  if (!watching) {
    watching = true;
    document.addEventListener("htmx:beforeSwap", remember);
    document.addEventListener("htmx:afterSwap", restore);
  }
  // A value that was put back by us gives no change event of its own when the field is left.
  form.addEventListener("focusout", (event) => {
    const field = event.target;
    if (!isText(field) || field.value === field.defaultValue || field.dataset.told === field.value) return;
    field.dataset.told = field.value;
    queueMicrotask(() => field.isConnected && field.dispatchEvent(new Event("change", { bubbles: true })));
  });
  // Enter commits the value: one question, where the browser would send a change and a submission.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.defaultPrevented || !isText(event.target)) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
  form.addEventListener("change", (event) => {
    if (isText(event.target)) event.target.dataset.told = event.target.value;
  });
  showCurrent(form.querySelector(".explore__kinds"));
  keepOpen(form.querySelector("#builder-more"), "builder-more");
  keepOpen(form.querySelector("#builder"), "builder");
}

// On a phone the kinds of questions are wider than the screen: the chosen one is in view.
function showCurrent(row) {
  const tab = row?.querySelector('[aria-current="page"]');
  if (tab && row.scrollWidth > row.clientWidth) row.scrollLeft = tab.offsetLeft + tab.offsetWidth / 2 - row.clientWidth / 2;
}

// What somebody unfolded stays so while the page changes under their hands.
function keepOpen(details, key) {
  if (!details) return;
  if (unfolded.has(key)) details.open = true;
  details.addEventListener("toggle", () => (details.open ? unfolded.add(key) : unfolded.delete(key)));
}
