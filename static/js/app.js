// Entry point of every page: mounts behaviours on elements that ask for them, now and after each htmx swap.
import { modules } from "./modules.js";
import { watchForms } from "./forms.js";
import { watchHtmx } from "./htmx.js";
import { watchKeys } from "./keys.js";
import { watchMenus } from "./menus.js";

const mounted = new WeakSet();

export async function mountOne(element) {
  if (mounted.has(element)) return;
  mounted.add(element);
  for (const name of element.dataset.mount.split(" ")) {
    const load = modules[name];
    if (!load) {
      console.error(`data-mount="${name}" is not listed in modules.js`);
      continue;
    }
    const module = await load();
    module.mount(element);
  }
}

export function mountAll(root) {
  if (root.matches?.("[data-mount]")) mountOne(root);
  root.querySelectorAll("[data-mount]").forEach(mountOne);
}

mountAll(document);
watchForms();
watchHtmx(mountAll);
watchKeys();
watchMenus();
