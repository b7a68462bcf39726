// Every behaviour by the name that a `data-mount` uses; loaded only where an element asks for it.
// A new module: a file of that name that exports `mount(element)`, and its line here. The path must be plain text,
// so that `collectstatic` can put the hashed name in.
export const modules = {
  "chart": () => import("./chart.js"),
  "copy": () => import("./copy.js"),
  "copy-link": () => import("./copy-link.js"),
  "explore": () => import("./explore.js"),
  "dashboard-grid": () => import("./dashboard-grid.js"),
  "dashboard-share": () => import("./dashboard-share.js"),
  "fold": () => import("./fold.js"),
  "form": () => import("./form.js"),
  "keyboard": () => import("./keyboard.js"),
  "list-links": () => import("./list-links.js"),
  "mapping": () => import("./mapping.js"),
  "palette": () => import("./palette.js"),
  "picker": () => import("./picker.js"),
  "quote": () => import("./quote.js"),
  "rule": () => import("./rule.js"),
  "theme": () => import("./theme.js"),
  "triage": () => import("./triage.js"),
  "toasts": () => import("./toasts.js"),
  "upload": () => import("./upload.js"),
};
