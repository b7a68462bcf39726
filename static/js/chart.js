// A chart: drawn when it comes into view, in the page's colours, drawn again when the theme changes.
import { writeKeys } from "./chart-keys.js";
import { bodyOfFigure, bodyOfNumbers, bodyOfTable, drawPicture, FIGURE, save } from "./picture.js";
import { toast } from "./toasts.js";

let library = null;

function loadLibrary(url) {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () => resolve(window.Plotly));
    script.addEventListener("error", () => {
      library = null;
      reject(new Error("The chart library did not load."));
    });
    document.head.append(script);
  });
  return library;
}

// One chart a task, so that the page hears keys and clicks between two of them.
let turn = Promise.resolve();

function inTurn(work) {
  const mine = turn.then(() => new Promise((go) => setTimeout(go))).then(work);
  turn = mine.catch(() => {});
  return mine;
}

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

function channels(colour) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = colour;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data].slice(0, 3);
}

// "var(--chart-1)" → its value just now; "…@0.4" with that opacity, "…~0.4" mixed with the surface.
function resolve(value, styles) {
  if (typeof value === "string") {
    const named = /^var\((--[\w-]+)\)(?:([@~])([\d.]+))?$/.exec(value);
    if (!named) return value;
    const found = styles.getPropertyValue(named[1]).trim();
    if (!named[2]) return found;
    const share = Number(named[3]);
    if (named[2] === "@") return `rgba(${channels(found).join(", ")}, ${share})`;
    const under = channels(styles.getPropertyValue("--surface").trim());
    return `rgb(${channels(found).map((one, place) => Math.round(one * share + under[place] * (1 - share))).join(", ")})`;
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, styles));
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, styles)]));
  }
  return value;
}

const touches = matchMedia("(pointer: coarse)").matches;

function config(fileName) {
  return {
    displaylogo: false,
    displayModeBar: touches ? false : "hover",
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: { filename: fileName, scale: 2 },
    responsive: false,
    showTips: false,
    doubleClick: "reset",
  };
}

const isFlow = (figure) => figure.data[0]?.type === "sankey";

// A picture is as wide as paper whatever the window is, and carries its own legend.
function forPicture(figure, { width, height }) {
  if (isFlow(figure)) return { ...figure, data: [nameFlow(figure.data[0], width)] };
  return { ...figure, layout: spread(figure.layout, height) };
}

// What the chart is on this width: the drawing, and the series whose names stand above it.
function fit(figure, width, height) {
  if (isFlow(figure)) return { ...figure, data: [nameFlow(figure.data[0], width)], named: [] };
  const isWide = width >= 480;
  const layout = isWide ? { ...spread(figure.layout, height) } : { ...figure.layout };
  const labels = (layout.annotations || []).filter((label) => label.xref === "paper" && label.x === 1);
  const hasKeys = layout.showlegend || (!isWide && labels.length > 1);
  const named = hasKeys ? figure.data.filter((trace) => trace.name && trace.showlegend !== false) : [];
  layout.showlegend = false;
  if (isWide) return { data: figure.data, layout, named };
  if (labels.length) {
    // On a phone the names at the ends of the lines would take half the width: they go above instead.
    layout.annotations = layout.annotations.filter((label) => !labels.includes(label));
    layout.margin = { ...layout.margin, r: 12 };
  }
  const room = (labels.length > 4 ? width / 2 : width) - LEGEND_MARK_PX;
  const data = figure.data.map((trace) => (trace.type === "heatmap" ? narrowHeatmap(trace, layout, width) : labels.length ? { ...trace, name: elide(trace.name || "", room, 11) } : trace));
  if (data[0]?.orientation === "h") namesAbove(data[0].y, layout, height);
  layout.dragmode = false; // a finger on the chart scrolls the page
  if (layout.xaxis?.ticktext?.length > 5) {
    const odd = (_, place) => place % 2 === 0;
    layout.xaxis = { ...layout.xaxis, tickvals: layout.xaxis.tickvals.filter(odd), ticktext: layout.xaxis.ticktext.filter(odd) };
  }
  if (layout.xaxis?.nticks) layout.xaxis = { ...layout.xaxis, nticks: 5 };
  return { data, layout, named };
}

const LABEL_PX = 14;
const LEGEND_MARK_PX = 56;
const LEAST_STEP_PX = 40;

// The names of bars that lie stand above them: beside them they would take half the width.
function namesAbove(names, layout, height) {
  const step = (height - layout.margin.t - layout.margin.b) / names.length;
  if (step < LEAST_STEP_PX) return;
  layout.bargap = 0.5;
  layout.yaxis = { ...layout.yaxis, showticklabels: false, automargin: false };
  layout.margin = { ...layout.margin, l: 4 };
  const mark = (name) => ({ text: name, x: 0, xref: "x", xanchor: "left", y: name, yref: "y", yanchor: "bottom", yshift: step / 4, showarrow: false, font: { color: "var(--text)", size: 12 } });
  layout.annotations = [...(layout.annotations || []), ...names.map(mark)];
}

const plain = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
const marked = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const BETWEEN = " · ";

// As much of a name as is so wide; of the values of a breakdown each keeps its beginning.
function elide(escaped, room, size, after = "") {
  probe.font = `${size}px ${getComputedStyle(document.documentElement).getPropertyValue("--font")}`;
  const parts = plain(escaped).split(BETWEEN);
  const letters = parts.map((part) => part.length);
  const text = () => parts.map((part, place) => (letters[place] < part.length ? `${part.slice(0, letters[place]).trimEnd()}…` : part)).join(BETWEEN) + after;
  while (Math.max(...letters) > 3 && probe.measureText(text()).width > room) letters[letters.indexOf(Math.max(...letters))] -= 1;
  return marked(text());
}

const ordinal = (place) => (typeof place === "string" ? Date.parse(place) : place);

// The names at the ends of lines, as many as fit, no closer than they are high: the server does not know the height.
function spread(layout, height) {
  const labels = (layout.annotations || []).filter((label) => label.xref === "paper" && label.x === 1);
  const [low, high] = (layout.yaxis?.range || []).map(ordinal);
  const room = height - layout.margin.t - layout.margin.b;
  if (labels.length < 2 || high === undefined || room < LABEL_PX) return layout;
  const gap = ((high - low) / room) * LABEL_PX;
  const kept = [...labels].sort((one, other) => ordinal(one.y) - ordinal(other.y)).slice(-Math.floor(room / LABEL_PX));
  let floor = low;
  const places = kept.map((label) => { const y = Math.max(ordinal(label.y), floor); floor = y + gap; return y; });
  for (let place = places.length - 1, ceiling = high; place >= 0; place -= 1) {
    places[place] = Math.min(places[place], ceiling);
    ceiling = places[place] - gap;
  }
  const moved = new Map(kept.map((label, place) => [label, { ...label, y: places[place] }]));
  return { ...layout, annotations: layout.annotations.flatMap((label) => (labels.includes(label) ? moved.get(label) || [] : label)) };
}

// Short names and no more written in a cell than it holds: the cells get the room.
function narrowHeatmap(trace, layout, width) {
  layout.margin = { ...layout.margin, l: 8, r: 4 };
  layout.yaxis = { ...layout.yaxis, tickmode: "array", tickvals: trace.y, ticktext: trace.meta.short, tickfont: { size: 11 } };
  layout.xaxis = { ...layout.xaxis, tickfont: { size: 11 } };
  const cell = (width - 72) / trace.x.length;
  return { ...trace, xgap: 1, ygap: 1, textfont: { ...trace.textfont, size: 11 }, texttemplate: cell < 22 ? "" : trace.texttemplate };
}

const ROOM_FOR_COUNTS_PX = 110;

// Names as long as the column of their box is wide, each with its number where there is room for both.
function nameFlow(trace, width) {
  const room = width / trace.meta.columns - 20;
  const count = (place) => (room >= ROOM_FOR_COUNTS_PX && trace.meta.counts[place] ? `  ${trace.meta.counts[place]}` : "");
  const label = trace.meta.names.map((escaped, place) => elide(escaped, room, 12, count(place)));
  return { ...trace, node: { ...trace.node, label } };
}

// Every chart of the page, for paper: in light colours, those that never came into view too.
const charts = new Set();

export function drawAll() {
  return Promise.allSettled([...charts].map((draw) => draw()));
}

let themeOfScreen = null;

addEventListener("beforeprint", () => {
  themeOfScreen = document.documentElement.dataset.theme;
  document.documentElement.dataset.theme = "light";
  for (const draw of charts) draw(true);
});

addEventListener("afterprint", () => {
  if (themeOfScreen !== null) document.documentElement.dataset.theme = themeOfScreen;
  themeOfScreen = null;
});

function fileName(element) {
  return element.dataset.fileName.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").toLowerCase() || "chart";
}

// The button that saves a picture: title, what is shown, and where it comes from are printed on it.
function offerPicture(element, findBody) {
  const button = element.querySelector('[data-action="png"]');
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const { fileName: title, caption = "", source = "", place = "" } = element.dataset;
      const words = [source, place && new URL(place, location.href).href].filter(Boolean).join(" · ");
      save(await drawPicture({ title, caption, source: words, body: await findBody() }), `${fileName(element)}.png`);
    } catch {
      toast("The picture could not be made. The table has the same numbers.", { kind: "bad" });
    }
  });
}

export function mount(element) {
  const plot = element.querySelector("[data-plot]");
  const source = element.querySelector('script[type="application/json"]');
  if (!plot || !source) {
    const headlines = element.querySelectorAll(".headline");
    const table = element.querySelector(".chart__table table");
    if (headlines.length) offerPicture(element, () => bodyOfNumbers(headlines));
    else if (table) offerPicture(element, () => bodyOfTable(table));
    return;
  }
  const figure = JSON.parse(source.textContent);
  let drawn = false;
  let width = 0;
  function coloured() {
    width = plot.clientWidth;
    const { data, layout, named } = resolve(fit(figure, width, plot.clientHeight), getComputedStyle(document.documentElement));
    const free = writeKeys(plot, named);
    return { data, layout: free ? { ...layout, margin: { ...layout.margin, t: free } } : layout };
  }

  function react(Plotly) {
    if (!element.isConnected || !plot.clientWidth) return null;
    const { data, layout } = coloured();
    return Plotly.react(plot, data, layout, config(fileName(element))).then(() => {
      // With its own measures inside, a drawing can be stretched: on paper it is as wide as its column.
      for (const svg of plot.querySelectorAll(".main-svg")) svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
    });
  }

  async function draw(isAtOnce = false) {
    if (isAtOnce && window.Plotly) return react(window.Plotly); // before printing, nothing waits
    const Plotly = await loadLibrary(element.dataset.plotly);
    await inTurn(() => react(Plotly));
    if (drawn || !element.isConnected) return;
    drawn = true;
    element.dataset.drawn = "yes";
    plot.on("plotly_click", follow);
    plot.on("plotly_hover", point);
    plot.on("plotly_unhover", () => plot.classList.remove("chart__plot--links"));
  }

  function linkOf(mark) {
    const custom = mark.customdata;
    const key = Array.isArray(custom) ? custom[1] : "";
    return key ? element.querySelector(`a[data-point="${CSS.escape(key)}"]`) : null;
  }

  function nearest(event) {
    const marks = event.points.filter((mark) => mark.customdata);
    if (marks.length < 2 || !event.event) return marks[0];
    const top = plot.getBoundingClientRect().top;
    const distance = (mark) => Math.abs(mark.yaxis.l2p(mark.y) + mark.yaxis._offset + top - event.event.clientY);
    return marks.reduce((best, mark) => (distance(mark) < distance(best) ? mark : best));
  }

  function follow(event) {
    const mark = nearest(event);
    if (mark) linkOf(mark)?.click();
  }

  function point(event) {
    const mark = nearest(event);
    plot.classList.toggle("chart__plot--links", Boolean(mark && linkOf(mark)));
  }

  offerPicture(element, async () => {
    const Plotly = window.Plotly || (await loadLibrary(element.dataset.plotly));
    return bodyOfFigure(Plotly, resolve(forPicture(figure, FIGURE), getComputedStyle(document.documentElement)));
  });

  charts.add(draw);
  if (!plot.clientWidth) element.querySelector('[data-part="table"]')?.setAttribute("open", ""); // the table leads
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    draw().catch(() => element.querySelector('[data-part="table"]')?.setAttribute("open", ""));
  }, { rootMargin: "200px" });
  seen.observe(plot);

  const redraw = () => drawn && element.isConnected && draw();
  const resized = new ResizeObserver(() => {
    if (drawn && plot.clientWidth && plot.clientWidth !== width) redraw();
  });
  resized.observe(plot);
  const themed = new MutationObserver(redraw);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", redraw);

  element.addEventListener("htmx:beforeCleanupElement", (event) => {
    if (event.target !== element) return;
    charts.delete(draw);
    seen.disconnect();
    resized.disconnect();
    themed.disconnect();
    dark.removeEventListener("change", redraw);
    if (drawn) window.Plotly.purge(plot);
  });
}
