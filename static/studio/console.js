// On every page of the console: theme, toasts, dialogs, copying, counters, times, the bar of unsaved changes.
import { watchDialogs } from "./dialogs.js";
import { watchForms } from "./forms.js";
import { watchSearch } from "./search.js";
import { keepTimesTrue } from "./times.js";
import { toast, watchToasts } from "./toasts.js";

watchToasts();
watchDialogs();
watchForms();
watchSearch();
keepTimesTrue();
watchTheme();
watchCopying();
watchDrops();
showWhereWeAre();

/** The switch between light and dark says what pressing it does; the choice stays on this computer. */
function watchTheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? "dark" : "light")) === "dark";
  const buttons = document.querySelectorAll("[data-theme-switch]");
  const name = () => buttons.forEach((button) => button.setAttribute("aria-label", isDark() ? button.dataset.light : button.dataset.dark));
  for (const button of buttons) {
    button.addEventListener("click", () => {
      const theme = isDark() ? "light" : "dark";
      document.documentElement.dataset.theme = theme;
      try { localStorage.setItem("pickup:theme", theme); } catch { /* kept for this page only */ }
      name();
    });
  }
  dark.addEventListener("change", name);
  name();
}

/** Buttons that put a text of the page into the clipboard: data-copy names its element, data-copied is the toast. */
function watchCopying() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const text = source ? source.textContent.trim() : location.href;
    try {
      await navigator.clipboard.writeText(text);
      toast(button.dataset.copied);
    } catch {
      // No clipboard without https or permission: select the text, so that the keyboard can copy it.
      if (source) getSelection().selectAllChildren(source);
      toast(button.dataset.select, true);
    }
  });
}

/** The entry of this page is in sight, where a list of entries scrolls: the menu down, tabs sideways. */
function showWhereWeAre() {
  for (const list of document.querySelectorAll(".menu-lists, .tabs, .views")) {
    const here = list.querySelector("[aria-current]");
    if (!here) continue;
    const [box, entry] = [list.getBoundingClientRect(), here.getBoundingClientRect()];
    list.scrollTop += Math.max(0, entry.bottom - box.bottom) - Math.max(0, box.top - entry.top);
    list.scrollLeft += Math.max(0, entry.right - box.right) - Math.max(0, box.left - entry.left);
  }
}

/** Small menus close on a click elsewhere and on Escape, which gives the focus back to what opened them. */
function watchDrops() {
  const close = (except) => document.querySelectorAll("details.drop[open]").forEach((drop) => { if (drop !== except) drop.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest("details.drop")));
  document.addEventListener("keydown", (event) => {
    const drop = event.key === "Escape" && document.querySelector("details.drop[open]");
    if (!drop) return;
    close();
    drop.querySelector("summary").focus();
  });
}
