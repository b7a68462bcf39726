// Words of a text for a form: what is selected in it goes into the form's fields, by mouse or by keyboard. The text is
// #said, or each [data-said] where a page has several; its name goes into the form then.
// With a text in focus: arrow keys choose the next or last word, Shift makes it more, Enter goes to the form.

// Places count code points, as the server does, not UTF-16 units.
function codePoints(text) {
  return Array.from(text).length;
}

function chosenIn(said) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!said.contains(range.startContainer) || !said.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.setStart(said, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const quote = range.toString();
  return quote.trim() ? { quote, start: codePoints(before.toString()) } : null;
}

function step(said, event) {
  const selection = getSelection();
  const forward = event.key === "ArrowRight" || event.key === "ArrowDown";
  if (!selection.rangeCount || !said.contains(selection.anchorNode)) {
    selection.collapse(said, forward ? 0 : said.childNodes.length);
  } else if (!event.shiftKey) {
    if (forward) selection.collapseToEnd();
    else selection.collapseToStart();
  }
  selection.modify("extend", forward ? "forward" : "backward", /Left|Right/.test(event.key) ? "word" : "line");
  // A long text scrolls in its own frame, and keeps what is chosen in sight.
  const place = selection.getRangeAt(0).getBoundingClientRect();
  const frame = said.getBoundingClientRect();
  if (place.bottom > frame.bottom) said.scrollTop += place.bottom - frame.bottom;
  else if (place.top < frame.top) said.scrollTop -= frame.top - place.top;
}

export function mount(form) {
  const texts = [...document.querySelectorAll("#said, [data-said]")];
  const quote = form.querySelector("[data-quote]");
  const start = form.querySelector("[data-quote-start]");
  const part = form.querySelector("[data-quote-part]");
  if (!texts.length || !quote) return;
  document.addEventListener("selectionchange", () => {
    for (const said of texts) {
      const chosen = chosenIn(said);
      if (!chosen) continue;
      quote.value = chosen.quote;
      start.value = chosen.start;
      if (part) part.value = said.dataset.said ?? "";
    }
  });
  quote.addEventListener("input", () => (start.value = ""));
  for (const said of texts) takeKeys(said, quote);
}

function takeKeys(said, quote) {
  said.tabIndex = 0;
  if (said.dataset.steps) return; // several forms may take words of one text; its keys move once
  said.dataset.steps = "yes";
  said.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      step(said, event);
      // The browser tells it later, and Enter may come before.
      document.dispatchEvent(new Event("selectionchange"));
    } else if (event.key === "Enter" && chosenIn(said)) {
      event.preventDefault();
      quote.focus();
    }
  });
}
