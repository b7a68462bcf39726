// The names of a chart's series above its plot, where they cannot stand at the ends of their lines: words that wrap,
// in the room that the drawing leaves for them.
const MOST_SHARE = 0.45; // of the plot's height
const GAP_PX = 20; // between the names and the plot: the numbers of annotations stand there

const SHAPES = {
  "square": "M8 2h8v8H8z",
  "diamond": "M12 1l5 5-5 5-5-5z",
  "triangle-up": "M12 1l5 9H7z",
  "cross": "M10.5 1h3v3.5H17v3h-3.5V11h-3V7.5H7v-3h3.5z",
  "x": "M8 1l4 3 4-3 1 2-3 3 3 3-1 2-4-3-4 3-1-2 3-3-3-3z",
  "star": "M12 0l1.8 4 4.2.4-3.2 2.8 1 4.3L12 9.2l-3.8 2.3 1-4.3L6 4.4 10.2 4z",
};

const LINES = { "dot": "M1 5h3v2H1z M7 5h3v2H7z M13 5h3v2h-3z M19 5h3v2h-3z", "dash": "M1 5h6v2H1z M9 5h6v2H9z M17 5h6v2h-6z" };

const plain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

function sign(trace) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 12");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("chart__sign");
  const isLine = trace.type === "scatter" && !trace.stackgroup;
  const marked = isLine && trace.marker?.size?.some?.((size) => size > 0) ? SHAPES[trace.marker.symbol] : "";
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", isLine ? `${LINES[trace.line?.dash] || "M1 5h22v2H1z"} ${marked || ""}` : "M6 0h12v12H6z");
  svg.append(path);
  svg.style.color = (isLine || trace.stackgroup ? trace.line?.color : "") || trace.marker?.color || "";
  return svg;
}

function item(...parts) {
  const one = document.createElement("li");
  one.className = "chart__key";
  one.append(...parts);
  return one;
}

// Writes the names of the series into the plot; returns the height that the drawing must leave free at its top.
export function writeKeys(plot, traces) {
  plot.querySelector(":scope > .chart__keys")?.remove();
  if (!traces.length) return 0;
  const list = document.createElement("ul");
  list.className = "chart__keys";
  list.append(...traces.map((trace) => {
    const name = document.createElement("span");
    name.className = "chart__key-name";
    name.textContent = plain(trace.name);
    return item(sign(trace), name);
  }));
  plot.append(list);
  let n_left_out = 0;
  while (list.offsetHeight > plot.clientHeight * MOST_SHARE && list.children.length > 2) {
    if (n_left_out) list.lastElementChild.remove();
    list.lastElementChild.remove();
    n_left_out += 1;
    list.append(item(`${n_left_out} more: see the table`));
  }
  return list.offsetHeight + GAP_PX;
}
