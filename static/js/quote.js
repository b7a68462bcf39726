// Words of a text for a form: what is selected in #said goes into the form's fields, by mouse or by keyboard.
// With the text in focus: arrow keys choose the next or last word, Shift makes it more, Enter goes to the form.

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
}

export function mount(form) {
  const said = document.getElementById("said");
  const quote = form.querySelector("[data-quote]");
  const start = form.querySelector("[data-quote-start]");
  if (!said || !quote) return;
  said.tabIndex = 0;
  document.addEventListener("selectionchange", () => {
    const chosen = chosenIn(said);
    if (!chosen) return;
    quote.value = chosen.quote;
    start.value = chosen.start;
  });
  quote.addEventListener("input", () => (start.value = ""));
  if (said.dataset.steps) return; // several forms may take words of one text; its keys move once
  said.dataset.steps = "yes";
  said.addEventListener("keydown", (event) => {
    if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      step(said, event);
    } else if (event.key === "Enter" && chosenIn(said)) {
      event.preventDefault();
      quote.focus();
    }
  });
}
