// Bubbles of the priorities' chart: moved by drag or by arrow keys; what is moved is stored at once.
import { send } from "./net.js";
import { toast } from "./toasts.js";

const STORE_AFTER_MS = 400;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function shareOf(axis, value) {
  if (axis.steps.length) {
    const nearest = axis.steps.reduce((best, step, place) => (Math.abs(step - value) < Math.abs(axis.steps[best] - value) ? place : best), 0);
    return (nearest + 0.5) / axis.steps.length;
  }
  return clamp((value - axis.least) / (axis.most - axis.least), 0, 1);
}

export function valueAt(axis, share) {
  if (axis.steps.length) return axis.steps[clamp(Math.floor(share * axis.steps.length), 0, axis.steps.length - 1)];
  const fine = 10 ** Math.floor(Math.log10((axis.most - axis.least) / 50));
  const value = axis.least + clamp(share, 0, 1) * (axis.most - axis.least);
  return clamp(Number((Math.round(value / fine) * fine).toPrecision(12)), axis.low, axis.high);
}

export function stepped(axis, value, sign) {
  if (axis.steps.length) return axis.steps[clamp(axis.steps.indexOf(value) + sign, 0, axis.steps.length - 1)] ?? value;
  return valueAt(axis, shareOf(axis, value) + sign / 50);
}

export function mount(place) {
  const { x, y, width, height } = JSON.parse(document.getElementById("chart-axes").textContent);
  const svg = place.querySelector("svg");
  const said = place.querySelector("[role=status]");
  const timers = new WeakMap();

  const read = (bubble) => ({ x: Number(bubble.dataset.x), y: Number(bubble.dataset.y) });

  function show(bubble, at) {
    bubble.dataset.x = at.x;
    bubble.dataset.y = at.y;
    bubble.setAttribute("transform", `translate(${shareOf(x, at.x) * width} ${(1 - shareOf(y, at.y)) * height})`);
    bubble.setAttribute("aria-valuenow", at.y);
    bubble.setAttribute("aria-valuetext", `${x.label} ${at.x}, ${y.label} ${at.y}`);
    const row = document.getElementById(`point-${bubble.dataset.key}`);
    row?.querySelector("[data-x]").replaceChildren(String(at.x));
    row?.querySelector("[data-y]").replaceChildren(String(at.y));
  }

  async function store(bubble, before) {
    const at = read(bubble);
    const form = new FormData();
    for (const [name, value] of Object.entries({ x_key: x.key, y_key: y.key, x: at.x, y: at.y, version: bubble.dataset.version })) form.append(name, value);
    try {
      const answer = await send(bubble.dataset.url, { form });
      const body = await answer.json();
      if (!answer.ok) {
        show(bubble, before);
        toast(Object.values(body.fields || {}).flat().join(" ") || body.message || "It was not stored. Try again.", { kind: "bad" });
        return;
      }
      bubble.dataset.version = body.version;
      said.textContent = `“${body.title}” scores ${body.value} now. Load the page again to see the new ranks.`;
    } catch {
      show(bubble, before);
      toast("The portal does not answer, so it is as it was. Try again in a minute.", { kind: "bad" });
    }
  }

  function later(bubble, before) {
    const waiting = timers.get(bubble);
    if (waiting) clearTimeout(waiting.timer);
    const start = waiting?.before ?? before;
    timers.set(bubble, { before: start, timer: setTimeout(() => { timers.delete(bubble); store(bubble, start); }, STORE_AFTER_MS) });
  }

  svg.addEventListener("keydown", (event) => {
    const bubble = event.target.closest("[data-url]");
    const way = { ArrowLeft: [x, "x", -1], ArrowRight: [x, "x", 1], ArrowDown: [y, "y", -1], ArrowUp: [y, "y", 1] }[event.key];
    if (!bubble || !way) return;
    event.preventDefault();
    const before = read(bubble);
    const [axis, name, sign] = way;
    show(bubble, { ...before, [name]: stepped(axis, before[name], sign) });
    later(bubble, before);
  });

  svg.addEventListener("pointerdown", (event) => {
    const bubble = event.target.closest("[data-url]");
    if (!bubble || event.button) return;
    event.preventDefault();
    bubble.focus();
    const before = read(bubble);
    bubble.setPointerCapture(event.pointerId);
    const drag = (moved) => {
      const at = new DOMPoint(moved.clientX, moved.clientY).matrixTransform(svg.getScreenCTM().inverse());
      show(bubble, { x: valueAt(x, at.x / width), y: valueAt(y, 1 - at.y / height) });
    };
    const end = (isKept) => {
      bubble.removeEventListener("pointermove", drag);
      bubble.removeEventListener("pointerup", drop);
      bubble.removeEventListener("pointercancel", cancel);
      document.removeEventListener("keydown", escape);
      const at = read(bubble);
      if (!isKept) show(bubble, before);
      else if (at.x !== before.x || at.y !== before.y) later(bubble, before);
    };
    const drop = () => end(true);
    const cancel = () => end(false);
    const escape = (key) => key.key === "Escape" && end(false);
    bubble.addEventListener("pointermove", drag);
    bubble.addEventListener("pointerup", drop);
    bubble.addEventListener("pointercancel", cancel);
    document.addEventListener("keydown", escape);
  });
}
