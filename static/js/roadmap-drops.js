// Storing a move of an initiative: what was dragged or carried by keys is sent at once, one after the other; where
// somebody else moved it meanwhile, both are shown and nothing is lost.
import { send } from "./net.js";
import { toast } from "./toasts.js";

let queue = Promise.resolve();

const why = () => document.getElementById("move-why")?.value.trim() || "";

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function conflict(place, body, again) {
  document.getElementById("move-conflict")?.remove();
  const notice = document.createElement("div");
  notice.id = "move-conflict";
  notice.className = "notice notice--warn plan-past";
  notice.setAttribute("role", "alert");
  const words = document.createElement("p");
  words.textContent = body.message;
  const row = document.createElement("p");
  row.className = "row";
  const mine = button("Make my move all the same", () => { notice.remove(); again(body.version); });
  row.append(mine, button("Leave it as theirs", () => location.reload()));
  notice.append(words, row);
  place.before(notice);
  notice.scrollIntoView({ block: "nearest" });
  mine.focus();
}

async function store(place, thing, fields, undo) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ ...fields, version: thing.dataset.version, why: why() })) form.set(name, value);
  try {
    const answer = await send(thing.dataset.drop, { form });
    const body = await answer.json();
    if (answer.status === 409) {
      conflict(place, body, (version) => { thing.dataset.version = version; drop(place, thing, fields, undo); });
      return;
    }
    if (!answer.ok) {
      undo();
      toast(body.message || "The move was not stored. Try again.", { kind: "bad", requestId: body.request_id });
      return;
    }
    thing.dataset.version = body.version;
    thing.dispatchEvent(new CustomEvent("stored", { detail: body }));
    toast(body.message, { kind: "good" });
  } catch {
    undo();
    toast("The portal does not answer, so the move is taken back. Try again.", { kind: "bad" });
  }
}

// `undo` puts the page back as it was, where the move cannot be stored.
export function drop(place, thing, fields, undo) {
  queue = queue.then(() => store(place, thing, fields, undo));
  return queue;
}

export function announcer(place) {
  const said = document.createElement("p");
  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  place.before(said);
  return (words) => { said.textContent = words; };
}
