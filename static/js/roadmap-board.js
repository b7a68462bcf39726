// The roadmap's board: cards go to another column or place by drag, or by arrow keys on their handle.
import { announcer, drop } from "./roadmap-drops.js";

const STORE_AFTER_MS = 500;
const DRAG_AFTER_PX = 5;

const cardsOf = (cell) => [...cell.querySelectorAll(":scope > [data-card]")];

export function mount(board) {
  const say = announcer(board);
  const waiting = new Map(); // card → { timer, home }: moved by keys, not stored yet

  const cells = () => [...board.querySelectorAll("[data-cell]")];
  const mayGo = (card, cell) => board.dataset.lanes === "goal" || cell.dataset.lane === card.closest("[data-cell]").dataset.lane;
  const homeOf = (card) => ({ cell: card.closest("[data-cell]"), next: card.nextElementSibling });

  function count(cell, by) {
    const shown = board.querySelector(`[data-count="${cell.dataset.cell}"]`);
    if (shown) shown.textContent = Number(shown.textContent) + by;
    const total = board.querySelector(`[data-total="${cell.dataset.column}"]`);
    if (total && total !== shown) total.textContent = Number(total.textContent) + by;
  }

  function put(card, cell, next) {
    const from = card.closest("[data-cell]");
    cell.insertBefore(card, next);
    if (from !== cell) {
      count(from, -1);
      count(cell, 1);
    }
  }

  function store(card, home) {
    const cell = card.closest("[data-cell]");
    if (cell === home.cell && card.nextElementSibling === home.next) return;
    const place = cardsOf(cell);
    const at = place.indexOf(card);
    const fields = { horizon: cell.dataset.column };
    if (board.dataset.lanes === "goal" && cell.dataset.lane !== home.cell.dataset.lane) fields.goal = cell.dataset.lane;
    if (place[at + 1]) fields.before = place[at + 1].dataset.card;
    else if (place[at - 1]) fields.after = place[at - 1].dataset.card;
    card.classList.add("plan-card--storing");
    const back = () => put(card, home.cell, home.next?.isConnected && home.next.parentElement === home.cell ? home.next : null);
    drop(board, card, fields, back).then(() => card.classList.remove("plan-card--storing"));
  }

  function tell(card) {
    const cell = card.closest("[data-cell]");
    const place = cardsOf(cell);
    say(`${card.dataset.title}: ${cell.dataset.label}, ${place.indexOf(card) + 1} of ${place.length}.`);
  }

  function sideways(card, step) {
    const here = card.closest("[data-cell]");
    const row = cells().filter((cell) => cell.dataset.lane === here.dataset.lane);
    const to = row[row.indexOf(here) + step];
    if (!to) return;
    const at = cardsOf(here).indexOf(card);
    put(card, to, cardsOf(to)[at] || to.querySelector(":scope > [data-more]"));
  }

  function upDown(card, step) {
    const place = cardsOf(card.closest("[data-cell]"));
    const other = place[place.indexOf(card) + step];
    if (!other) return;
    if (step < 0) other.before(card);
    else other.after(card);
  }

  const KEYS = {
    ArrowLeft: (card) => sideways(card, -1),
    ArrowRight: (card) => sideways(card, 1),
    ArrowUp: (card) => upDown(card, -1),
    ArrowDown: (card) => upDown(card, 1),
  };

  board.addEventListener("keydown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const card = grip?.closest("[data-card]");
    if (!card || event.altKey || event.ctrlKey || event.metaKey) return;
    const held = waiting.get(card);
    if (event.key === "Escape" && held) {
      clearTimeout(held.timer);
      waiting.delete(card);
      put(card, held.home.cell, held.home.next);
      grip.focus();
      tell(card);
      return;
    }
    if (!KEYS[event.key]) return;
    event.preventDefault();
    const home = held ? held.home : homeOf(card);
    clearTimeout(held?.timer);
    KEYS[event.key](card);
    grip.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    tell(card);
    waiting.set(card, { home, timer: setTimeout(() => { waiting.delete(card); store(card, home); }, STORE_AFTER_MS) });
  });

  function over(event, card) {
    const under = document.elementsFromPoint(event.clientX, event.clientY);
    const cell = under.map((one) => one.closest("[data-place]")?.querySelector("[data-cell]")).find(Boolean);
    if (!cell || !board.contains(cell) || !mayGo(card, cell)) return;
    const next = cardsOf(cell).find((one) => {
      if (one === card) return false;
      const box = one.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    const before = next || cell.querySelector(":scope > [data-more]");
    if (before !== card && (card.closest("[data-cell]") !== cell || card.nextElementSibling !== before)) put(card, cell, before);
  }

  board.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    const card = event.target.closest("[data-card]");
    if (!card || !card.dataset.drop || event.button) return;
    if (!grip && (event.pointerType !== "mouse" || event.target.closest("a, button, summary"))) return;
    const home = homeOf(card);
    const from = [event.clientX, event.clientY];
    let isMoving = false;

    function drag(moved) {
      if (!isMoving && Math.hypot(moved.clientX - from[0], moved.clientY - from[1]) < DRAG_AFTER_PX) return;
      isMoving = true;
      card.classList.add("plan-card--moving");
      board.classList.add("plan-board--moving");
      over(moved, card);
    }

    function finish(isKept) {
      document.removeEventListener("pointermove", drag);
      document.removeEventListener("pointerup", release);
      document.removeEventListener("pointercancel", cancel);
      document.removeEventListener("keydown", escape);
      card.classList.remove("plan-card--moving");
      board.classList.remove("plan-board--moving");
      if (!isMoving) return;
      // The click that follows a drag opens nothing.
      const still = (click) => click.preventDefault();
      card.addEventListener("click", still, { capture: true });
      setTimeout(() => card.removeEventListener("click", still, { capture: true }), 0);
      if (!isKept) put(card, home.cell, home.next);
      else { tell(card); store(card, home); }
    }
    const release = () => finish(true);
    const cancel = () => finish(false);
    const escape = (key) => key.key === "Escape" && finish(false);
    document.addEventListener("pointermove", drag);
    document.addEventListener("pointerup", release);
    document.addEventListener("pointercancel", cancel);
    document.addEventListener("keydown", escape);
    if (!grip) event.preventDefault();
  });
  board.addEventListener("dragstart", (event) => event.preventDefault());
}
