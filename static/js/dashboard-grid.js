// Arranging tiles: by drag, by corner, by arrow keys. The same rules as insights/dashboards/layout.py; what is done is
// stored at once, and a second editor is told.
import { send } from "./net.js";
import { toast } from "./toasts.js";

const COLUMNS = 12;
const MAX_HEIGHT = 12;
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const sharesColumns = (a, b) => a.x < b.x + b.w && b.x < a.x + a.w;

function fit(box) {
  const w = clamp(box.w, 1, COLUMNS);
  return { ...box, w, h: clamp(box.h, 1, MAX_HEIGHT), x: clamp(box.x, 0, COLUMNS - w), y: Math.max(box.y, 0) };
}

export function compact(boxes, first = null) {
  const order = boxes.map(fit).sort((a, b) => a.y - b.y || (a.id !== first) - (b.id !== first) || a.x - b.x || a.id - b.id);
  const placed = [];
  for (const box of order) {
    const y = placed.filter((other) => sharesColumns(other, box)).reduce((low, other) => Math.max(low, other.y + other.h), 0);
    placed.push({ ...box, y });
  }
  return placed.sort((a, b) => a.y - b.y || a.x - b.x);
}

const changed = (boxes, id, fields) => compact(boxes.map((box) => (box.id === id ? { ...box, ...fields } : box)), id);

function sideways(boxes, box, sign) {
  const edge = sign < 0 ? box.x : box.x + box.w;
  const other = boxes.find((one) => one.id !== box.id && (sign < 0 ? one.x + one.w : one.x) === edge && one.y === box.y && one.h === box.h);
  if (!other) return changed(boxes, box.id, { x: clamp(box.x + sign, 0, COLUMNS - box.w) });
  const [left, right] = sign < 0 ? [other, box] : [box, other];
  return compact(boxes.map((one) => (one.id === right.id ? { ...right, x: left.x } : one.id === left.id ? { ...left, x: left.x + right.w } : one)));
}

export function step(boxes, id, direction) {
  const box = boxes.find((one) => one.id === id);
  if (direction === "left" || direction === "right") return sideways(boxes, box, direction === "left" ? -1 : 1);
  if (direction === "up") {
    const above = boxes.filter((one) => sharesColumns(one, box) && one.y + one.h <= box.y && one.id !== id);
    return above.length ? changed(boxes, id, { y: Math.max(...above.map((one) => one.y)) }) : boxes;
  }
  if (direction === "down") {
    const below = boxes.filter((one) => sharesColumns(one, box) && one.y >= box.y + box.h);
    return below.length ? changed(boxes, id, { y: Math.min(...below.map((one) => one.y + one.h)) }) : boxes;
  }
  const [w, h] = { wider: [1, 0], narrower: [-1, 0], taller: [0, 1], shorter: [0, -1] }[direction];
  return changed(boxes, id, { w: Math.max(1, box.w + w), h: Math.max(1, box.h + h) });
}

const MOVES = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const SIZES = { ArrowLeft: "narrower", ArrowRight: "wider", ArrowUp: "shorter", ArrowDown: "taller" };
const STORE_AFTER_MS = 400;

export function mount(board) {
  const tiles = new Map([...board.querySelectorAll("[data-tile]")].map((tile) => [Number(tile.dataset.tile), tile]));
  let boxes = [...tiles].map(([id, tile]) => ({ id, ...Object.fromEntries(["x", "y", "w", "h"].map((key) => [key, Number(tile.dataset[key])])) }));
  let revision = Number(board.dataset.revision);
  let timer = 0;
  let queue = Promise.resolve();
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  board.before(said);

  function show(next) {
    boxes = next;
    for (const box of boxes) {
      const tile = tiles.get(box.id);
      tile.classList.remove(...[...tile.classList].filter((name) => /^tile--[xywh]\d+$/.test(name)));
      tile.classList.add(...["x", "y", "w", "h"].map((key) => `tile--${key}${box[key]}`));
    }
  }

  function inReadingOrder() {
    // The order in the page follows the eye, so that Tab and screen readers do too; the focus stays where it was.
    const held = document.activeElement;
    boxes.forEach((box, place) => {
      const tile = tiles.get(box.id);
      if (board.children[place] !== tile) board.insertBefore(tile, board.children[place]);
    });
    if (held && board.contains(held)) held.focus({ preventScroll: true });
  }

  function say(id) {
    const box = boxes.find((one) => one.id === id);
    said.textContent = `Column ${box.x + 1}, row ${box.y + 1}, ${box.w} of 12 wide, ${box.h} high.`;
  }

  function store() {
    clearTimeout(timer);
    timer = setTimeout(() => { queue = queue.then(save); }, STORE_AFTER_MS);
  }

  async function save() {
    try {
      const answer = await send(board.dataset.url, { json: { revision, tiles: boxes } });
      const body = await answer.json();
      if (answer.status === 409) conflict(body);
      else if (answer.ok) revision = body.revision;
      else toast(body.message || "The arrangement was not stored. Try again.", { kind: "bad" });
    } catch {
      toast("The portal does not answer, so the arrangement is not stored yet. It is tried again with your next move.", { kind: "bad" });
    }
  }

  function conflict(body) {
    document.getElementById("arrange-conflict")?.remove();
    const notice = document.createElement("div");
    notice.id = "arrange-conflict";
    notice.className = "notice notice--warn";
    notice.setAttribute("role", "alert");
    const words = document.createElement("p");
    words.textContent = body.message;
    const mine = button("Keep my arrangement", () => { revision = body.revision; notice.remove(); store(); });
    const theirs = button("Show theirs", () => location.reload());
    const row = document.createElement("p");
    row.className = "row";
    row.append(mine, theirs);
    notice.append(words, row);
    board.before(notice);
    mine.focus();
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function done(id) {
    inReadingOrder();
    say(id);
    store();
  }

  function onKey(event) {
    const tile = event.target.closest("[data-grip]")?.closest("[data-tile]");
    const direction = (event.shiftKey ? SIZES : MOVES)[event.key];
    if (!tile || !direction) return;
    event.preventDefault();
    const id = Number(tile.dataset.tile);
    show(step(boxes, id, direction));
    done(id);
  }

  function cell(event) {
    const area = board.getBoundingClientRect();
    const style = getComputedStyle(board);
    const gap = parseFloat(style.columnGap);
    const column = (area.width + gap) / COLUMNS;
    const row = parseFloat(style.gridAutoRows) + parseFloat(style.rowGap);
    return { x: (event.clientX - area.left) / column, y: (event.clientY - area.top) / row };
  }

  function onPointer(event) {
    const handle = event.target.closest("[data-grip], [data-corner]");
    const tile = handle?.closest("[data-tile]");
    if (!tile || event.button) return;
    event.preventDefault();
    handle.focus?.();
    const id = Number(tile.dataset.tile);
    const before = boxes;
    const start = boxes.find((box) => box.id === id);
    const from = cell(event);
    const isMove = handle.matches("[data-grip]");
    handle.setPointerCapture(event.pointerId);
    tile.classList.add("tile--moving");

    function drag(moved) {
      const at = cell(moved);
      const [dx, dy] = [Math.round(at.x - from.x), Math.round(at.y - from.y)];
      const fields = isMove ? { x: clamp(start.x + dx, 0, COLUMNS - start.w), y: Math.max(0, start.y + dy) } : { w: clamp(start.w + dx, 1, COLUMNS - start.x), h: clamp(start.h + dy, 1, MAX_HEIGHT) };
      show(changed(before, id, fields));
    }

    function finish(isKept) {
      handle.removeEventListener("pointermove", drag);
      handle.removeEventListener("pointerup", drop);
      handle.removeEventListener("pointercancel", cancel);
      document.removeEventListener("keydown", escape);
      tile.classList.remove("tile--moving");
      if (!isKept) show(before);
      else if (JSON.stringify(boxes) !== JSON.stringify(before)) done(id);
    }
    const drop = () => finish(true);
    const cancel = () => finish(false);
    const escape = (key) => key.key === "Escape" && finish(false);
    handle.addEventListener("pointermove", drag);
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", cancel);
    document.addEventListener("keydown", escape);
  }

  boxes = compact(boxes);
  board.querySelectorAll("[data-grip], [data-corner]").forEach((handle) => { handle.hidden = false; });
  board.addEventListener("keydown", onKey);
  board.addEventListener("pointerdown", onPointer);
}
