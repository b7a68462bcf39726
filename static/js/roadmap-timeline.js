// The roadmap's timeline: a bar is moved as a whole, or drawn longer or shorter at its ends; by keys, arrows move it and
// Shift with arrows moves its end.
import { announcer, drop } from "./roadmap-drops.js";

const DAY_MS = 86400000;
const EDGE_PX = 8;
const STORE_AFTER_MS = 600;
const DRAG_AFTER_PX = 3;

const read = (text) => (text ? Date.parse(`${text}T00:00:00Z`) : null);
const write = (at) => (at === null ? "" : new Date(at).toISOString().slice(0, 10));
const words = (at) => new Date(at).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

export function mount(place) {
  const say = announcer(place);
  const waiting = new Map(); // bar → { timer, before }: moved by keys, not stored yet

  const first = () => read(place.dataset.first);
  const days = () => Number(place.dataset.days);
  const state = (bar) => ({ starts: read(bar.dataset.starts), ends: read(bar.dataset.ends) });

  function show(bar, { starts, ends }) {
    bar.dataset.starts = write(starts);
    bar.dataset.ends = write(ends);
    const [from, to] = [starts ?? ends, ends ?? starts];
    const percent = (at) => Math.min(100, Math.max(0, (100 * (at - first())) / DAY_MS / days()));
    const x = percent(from);
    for (const rect of bar.querySelectorAll("rect")) {
      rect.setAttribute("x", `${x}%`);
      rect.setAttribute("width", `${Math.max(0.4, percent(to + DAY_MS) - x)}%`);
    }
    const shown = document.getElementById(`days-${bar.dataset.bar}`);
    if (shown) shown.textContent = `${words(from)} to ${words(to)}`;
  }

  function shift(before, by, which) {
    const add = (at) => (at === null ? null : at + by * DAY_MS);
    const now = { ...before };
    if (which !== "end") now.starts = add(before.starts);
    if (which !== "start") now.ends = add(before.ends);
    // One day at least; a bar of one date alone is moved as a whole.
    if (now.starts !== null && now.ends !== null && now.ends < now.starts) {
      if (which === "end") now.ends = now.starts;
      else now.starts = now.ends;
    }
    return now;
  }

  function store(bar, before) {
    const now = state(bar);
    if (now.starts === before.starts && now.ends === before.ends) return;
    const fields = { starts_on: bar.dataset.starts, ends_on: bar.dataset.ends };
    drop(place, bar, fields, () => show(bar, before));
  }

  function tell(bar) {
    const { starts, ends } = state(bar);
    say(`${bar.dataset.title}: ${words(starts ?? ends)} to ${words(ends ?? starts)}.`);
  }

  place.addEventListener("keydown", (event) => {
    const bar = event.target.closest("[data-bar]");
    const held = waiting.get(bar);
    if (bar && event.key === "Escape" && held) {
      clearTimeout(held.timer);
      waiting.delete(bar);
      show(bar, held.before);
      tell(bar);
      return;
    }
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!bar || !bar.dataset.drop || !step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const before = held ? held.before : state(bar);
    clearTimeout(held?.timer);
    show(bar, shift(state(bar), step * Number(place.dataset.step), event.shiftKey ? "end" : ""));
    tell(bar);
    waiting.set(bar, { before, timer: setTimeout(() => { waiting.delete(bar); store(bar, before); }, STORE_AFTER_MS) });
  });

  place.addEventListener("pointerdown", (event) => {
    const rect = event.target.closest("[data-bar] rect");
    const bar = rect?.closest("[data-bar]");
    if (!bar || !bar.dataset.drop || event.button) return;
    event.preventDefault();
    bar.querySelector("a").focus({ preventScroll: true });
    const box = rect.getBoundingClientRect();
    const before = state(bar);
    const isWide = box.width > 3 * EDGE_PX && before.starts !== null && before.ends !== null;
    const which = !isWide ? "" : event.clientX - box.left < EDGE_PX ? "start" : box.right - event.clientX < EDGE_PX ? "end" : "";
    const perDay = bar.getBoundingClientRect().width / days();
    const from = event.clientX;
    let isMoving = false;

    function drag(moved) {
      if (!isMoving && Math.abs(moved.clientX - from) < DRAG_AFTER_PX) return;
      isMoving = true;
      bar.classList.add("plan-line__track--moving");
      show(bar, shift(before, Math.round((moved.clientX - from) / perDay), which));
    }

    function finish(isKept) {
      document.removeEventListener("pointermove", drag);
      document.removeEventListener("pointerup", release);
      document.removeEventListener("pointercancel", cancel);
      document.removeEventListener("keydown", escape);
      bar.classList.remove("plan-line__track--moving");
      if (!isMoving) return;
      const still = (click) => click.preventDefault();
      bar.addEventListener("click", still, { capture: true });
      setTimeout(() => bar.removeEventListener("click", still, { capture: true }), 0);
      if (!isKept) show(bar, before);
      else { tell(bar); store(bar, before); }
    }
    const release = () => finish(true);
    const cancel = () => finish(false);
    const escape = (key) => key.key === "Escape" && finish(false);
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", cancel);
    document.addEventListener("keydown", escape);
  });
  place.addEventListener("dragstart", (event) => event.preventDefault());
}
