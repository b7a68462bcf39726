// A text field with a list to pick from (its datalist): arrows, Enter, Escape; anything else may be typed too.
const SHOWN = 60;
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
  if (!source) return;
  const options = [...source.options].map((option) => ({ value: option.value, label: option.label, of: option.dataset.of }));
  input.removeAttribute("list");
  const owner = input.closest(".filter__line, .builder__line")?.querySelector('select[name$=".of"]');
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
      none.textContent = options.length ? "Nothing seen under this name; it can be asked all the same." : "Nothing was seen here yet.";
      list.append(none);
    }
    active = -1;
  }

  function open(text = "") {
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
