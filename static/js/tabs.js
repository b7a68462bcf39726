// Tabs that do not fit scroll; the open one is brought into sight without moving the page.
export function mount(tabs) {
  const here = tabs.querySelector("[aria-current]");
  if (here) tabs.scrollLeft += here.getBoundingClientRect().left - tabs.getBoundingClientRect().left - (tabs.clientWidth - here.offsetWidth) / 2;
}
