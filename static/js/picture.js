// A picture of a chart, of its numbers or its table, that says itself what it shows and where it comes from.
const WIDTH = 1200;
const PAD = 24;
const SCALE = 2;
const MOST_ROWS = 40;
export const FIGURE = { width: WIDTH - 2 * PAD, height: 560 }; // of a drawing in it

function colours() {
  const styles = getComputedStyle(document.documentElement);
  const read = (name) => styles.getPropertyValue(name).trim();
  return { paper: read("--surface"), text: read("--text"), muted: read("--text-muted"), line: read("--border"), family: read("--font") };
}

// As much of a text as is so wide, in so many lines.
function wrap(pen, text, width, most) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
    else if (lines.length < most) lines.push(word);
    else { lines[lines.length - 1] += " …"; break; }
  }
  return lines.map((line) => cut(pen, line, width));
}

function cut(pen, text, width) {
  if (pen.measureText(text).width <= width) return text;
  let letters = text.length;
  while (letters > 1 && pen.measureText(`${text.slice(0, letters)}…`).width > width) letters -= 1;
  return `${text.slice(0, letters)}…`;
}

function loadImage(url) {
  return new Promise((resolve, reject) => {
    const image = new Image();
    image.addEventListener("load", () => resolve(image));
    image.addEventListener("error", () => reject(new Error("The drawing could not be read.")));
    image.src = url;
  });
}

// The body of a figure that Plotly drew.
export async function bodyOfFigure(Plotly, figure) {
  const { paper } = colours();
  const layout = { ...figure.layout, paper_bgcolor: paper, plot_bgcolor: paper, autosize: false };
  const size = { format: "png", ...FIGURE, scale: SCALE };
  const image = await loadImage(await Plotly.toImage({ data: figure.data, layout }, size));
  return { height: size.height, draw: (pen, top) => pen.drawImage(image, PAD, top, size.width, size.height) };
}

const textOf = (element) => (element ? element.textContent.replace(/\s+/g, " ").trim() : "");

// The body of a number chart: each number with its name, its change and its period.
export function bodyOfNumbers(headlines) {
  const found = [...headlines].map((one) => ["label", "value", "change", "detail"].map((part) => textOf(one.querySelector(`.headline__${part}`))));
  const width = (WIDTH - 2 * PAD) / Math.min(found.length, 3);
  const height = 150;
  return {
    height: height * Math.ceil(found.length / 3),
    draw(pen, top, { text, muted, family }) {
      found.forEach(([label, value, change, detail], place) => {
        const left = PAD + (place % 3) * width;
        const line = top + Math.floor(place / 3) * height;
        const rows = [[label, `14px ${family}`, muted, 18], [value, `600 44px ${family}`, text, 66], [change, `14px ${family}`, text, 94], [detail, `14px ${family}`, muted, 116]];
        for (const [words, font, colour, down] of rows) {
          pen.font = font;
          pen.fillStyle = colour;
          pen.fillText(cut(pen, words, width - 16), left, line + down);
        }
      });
    },
  };
}

// The body of a table: its rows as they are on the page, as many as a picture holds.
export function bodyOfTable(table) {
  const rows = [...table.querySelectorAll("tr")].map((row) => [...row.cells].map((cell) => ({ words: textOf(cell), isNumber: cell.classList.contains("number"), isHead: Boolean(cell.closest("thead")) })));
  const shown = rows.slice(0, MOST_ROWS + 1);
  const n_more = rows.length - shown.length;
  const n_columns = Math.max(...shown.map((row) => row.length));
  const width = (WIDTH - 2 * PAD) / n_columns;
  const height = 26;
  return {
    height: height * (shown.length + (n_more ? 1 : 0)) + 8,
    draw(pen, top, { text, muted, line, family }) {
      shown.forEach((row, number) => {
        const base = top + height * (number + 1) - 8;
        row.forEach((cell, place) => {
          pen.font = `${cell.isHead || place === 0 ? "600 " : ""}13px ${family}`;
          pen.fillStyle = cell.isHead ? muted : text;
          pen.textAlign = cell.isNumber ? "right" : "left";
          pen.fillText(cut(pen, cell.words, width - 12), cell.isNumber ? PAD + (place + 1) * width - 8 : PAD + place * width, base);
        });
        pen.textAlign = "left";
        pen.fillStyle = line;
        pen.fillRect(PAD, base + 7, WIDTH - 2 * PAD, 1);
      });
      if (!n_more) return;
      pen.font = `13px ${family}`;
      pen.fillStyle = muted;
      pen.fillText(`${n_more} more rows: the CSV file has all of them.`, PAD, top + height * (shown.length + 1) - 8);
    },
  };
}

// Draws title, what is shown, the body and where it comes from; returns a PNG.
export function drawPicture({ title, caption, source, body }) {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  const look = colours();
  const inner = WIDTH - 2 * PAD;
  const blocks = [[title, `600 20px ${look.family}`, look.text, 26], [caption, `14px ${look.family}`, look.muted, 20]].map(([words, font, colour, step]) => {
    pen.font = font;
    return { lines: words ? wrap(pen, words, inner, 2) : [], font, colour, step };
  });
  pen.font = `12px ${look.family}`;
  const foot = wrap(pen, source, inner, 3);
  const head = blocks.reduce((sum, block) => sum + block.lines.length * block.step, 0);
  const height = PAD + head + 12 + body.height + 12 + foot.length * 17 + PAD;
  canvas.width = WIDTH * SCALE;
  canvas.height = height * SCALE;
  pen.scale(SCALE, SCALE);
  pen.fillStyle = look.paper;
  pen.fillRect(0, 0, WIDTH, height);
  let at = PAD - 6;
  for (const block of blocks) {
    pen.font = block.font;
    pen.fillStyle = block.colour;
    for (const line of block.lines) { at += block.step; pen.fillText(line, PAD, at); }
  }
  body.draw(pen, at + 12, look);
  pen.font = `12px ${look.family}`;
  pen.fillStyle = look.muted;
  foot.forEach((line, place) => pen.fillText(line, PAD, height - PAD - (foot.length - 1 - place) * 17));
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

export function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
