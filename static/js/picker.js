// A text field with a list to pick from: arrows, Enter, Escape; anything else may be typed too. The list is the field's
// datalist; where its address (data-more) says that there is more, what is typed is looked up there as well.
//   data-more: on the datalist or the field; data-owner: the form's field that says whose property it is;
//   data-about: the form's fields that the look-up names; data-none: what an empty list says.
const SHOWN = 60;
const ASK_AFTER_MS = 150;
let number = 0;

function score(option, words) {
  const name = option.value.toLowerCase();
  let found = 0;
  for (const word of words) {
    const place = name.indexOf(word);
    if (place < 0) return -1;
    found += place === 0 ? 3 : /[\s_.$-]/.test(name[place - 1]) ? 2 : 1;
  }
  return found;
}

function matching(options, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return options.slice(0, SHOWN);
  return options
    .map((option, place) => ({ option, place, score: score(option, words) }))
    .filter((item) => item.score >= 0)
    .sort((one, other) => other.score - one.score || one.place - other.place)
    .slice(0, SHOWN)
    .map((item) => item.option);
}

export function mount(input) {
  const source = document.getElementById(input.getAttribute("list"));
  const more = input.dataset.more || source?.dataset.more;
  if (!source && !more) return;
  const own = [...(source?.options || [])].map((option) => ({ value: option.value, label: option.label, of: option.dataset.of }));
  let options = own;
  let asked = null;
  let about = "";
  let timer = 0;
  input.removeAttribute("list");
  const owner = input.dataset.owner
    ? input.form.querySelector(input.dataset.owner)
    : input.closest(".filter__line, .builder__line")?.querySelector('select[name$=".of"]');
  const list = document.createElement("ul");
  list.className = "picker";
  list.id = `picker-${++number}`;
  list.role = "listbox";
  list.setAttribute("aria-label", input.getAttribute("aria-label"));
  list.setAttribute("popover", "manual");
  input.after(list);
  input.role = "combobox";
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  let shown = [];
  let active = -1;

  function close() {
    clearTimeout(timer);
    asked?.abort();
    if (list.matches(":popover-open")) list.hidePopover();
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    active = -1;
    removeEventListener("scroll", close);
  }

  function place() {
    const box = input.getBoundingClientRect();
    const below = innerHeight - box.bottom;
    const height = Math.min(320, Math.max(below, box.top) - 16);
    list.style.insetInlineStart = `${Math.min(box.left, innerWidth - Math.max(box.width, 280) - 8)}px`;
    list.style.minInlineSize = `${Math.max(box.width, 280)}px`;
    list.style.maxBlockSize = `${height}px`;
    list.style.insetBlockStart = below > 200 || below > box.top ? `${box.bottom + 4}px` : `${box.top - 4 - Math.min(height, list.offsetHeight || height)}px`;
  }

  function render(text) {
    shown = matching(options, text);
    list.replaceChildren(
      ...shown.map((option, place_) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${place_}`;
        item.role = "option";
        item.className = "picker__option";
        item.setAttribute("aria-selected", String(option.value === input.value));
        const name = document.createElement("span");
        name.className = "picker__name";
        name.textContent = option.value;
        const note = document.createElement("span");
        note.className = "picker__note";
        note.textContent = option.label === option.value ? "" : option.label;
        item.append(name, note);
        return item;
      }),
    );
    if (!shown.length) {
      const none = document.createElement("li");
      none.className = "picker__none";
      none.textContent = asked ? "Looking…" : options.length || more ? input.dataset.none || "Nothing seen under this name; it can be asked all the same." : "Nothing was seen here yet.";
      list.append(none);
    }
    active = -1;
  }

  const abouts = () => (input.dataset.about ? [...input.form.querySelectorAll(input.dataset.about)] : []);

  // The names that are not on the page: asked when the typing pauses, shown if the list is still open.
  function look(text) {
    clearTimeout(timer);
    asked?.abort();
    const now = abouts().map((field) => field.value).join("\n");
    if (now !== about) options = own;
    about = now;
    asked = more && (text || !own.length) ? new AbortController() : null;
    if (asked) timer = setTimeout(ask, ASK_AFTER_MS, text, asked);
  }

  async function ask(text, request) {
    const address = new URL(more, location.href);
    address.searchParams.set("text", text);
    for (const field of abouts()) address.searchParams.set(field.name, field.value);
    const answer = await fetch(address, { signal: request.signal, credentials: "same-origin" }).catch(() => null);
    const found = answer?.ok ? (await answer.json()).picks : [];
    if (asked !== request) return; // a newer look-up took its place
    asked = null;
    const known = new Set(own.map((option) => option.value));
    options = [...own, ...found.filter((option) => !known.has(option.value))];
    if (list.matches(":popover-open") && document.activeElement === input) open(text, true);
  }

  function open(text = "", isAnswer = false) {
    if (!isAnswer) look(text);
    render(text);
    if (!list.matches(":popover-open")) {
      list.showPopover();
      addEventListener("scroll", close, { passive: true });
    }
    place();
    input.setAttribute("aria-expanded", "true");
  }

  function mark(next) {
    list.children[active]?.classList.remove("picker__option--active");
    active = (next + shown.length) % shown.length;
    const item = list.children[active];
    item.classList.add("picker__option--active");
    item.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", item.id);
  }

  function choose(option) {
    const changed = input.value !== option.value || (owner && option.of && owner.value !== option.of);
    input.value = option.value;
    if (owner && option.of) owner.value = option.of;
    close();
    if (changed) input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => (list.matches(":popover-open") ? close() : open()));
  input.addEventListener("keydown", (event) => {
    const isOpen = list.matches(":popover-open");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) open();
      if (shown.length) mark(event.key === "ArrowDown" ? active + 1 : active < 0 ? -1 : active - 1);
    } else if (event.key === "Enter" && isOpen && active >= 0) {
      event.preventDefault();
      choose(shown[active]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest(".picker__option");
    if (item) choose(shown[[...list.children].indexOf(item)]);
  });
}
