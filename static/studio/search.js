// Search: Ctrl K (or the field in the menu) opens it; arrows choose, Enter goes there.
const WAIT_MS = 120;

export function watchSearch() {
  const dialog = document.getElementById("search");
  if (!dialog) return;
  const field = dialog.querySelector("input");
  const list = dialog.querySelector("[data-results]");
  const empty = dialog.querySelector("[data-nothing]");
  let timer = 0;
  let asked = 0;

  const open = () => {
    document.getElementById("menu")?.hidePopover?.();
    if (!dialog.open) dialog.showModal();
    field.select();
    find();
  };
  document.querySelectorAll("[data-search]").forEach((button) => button.addEventListener("click", open));
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, WAIT_MS); });
  field.addEventListener("keydown", (event) => {
    const rows = [...list.querySelectorAll("[role=option]")];
    const at = rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (rows.length) choose(rows[(at + (event.key === "ArrowDown" ? 1 : rows.length - 1)) % rows.length]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      rows[at]?.click();
    }
  });

  async function find() {
    const mine = ++asked;
    let groups;
    try {
      const answer = await fetch(`${dialog.dataset.url}?q=${encodeURIComponent(field.value)}`);
      if (!answer.ok) return;
      ({ groups } = await answer.json());
    } catch { return; } // offline: what was found before stays
    if (mine !== asked) return; // a later question is on its way
    draw(groups);
  }

  function draw(groups) {
    list.replaceChildren();
    let number = 0;
    for (const group of groups) {
      const part = document.createElement("div");
      part.setAttribute("role", "group");
      part.setAttribute("aria-label", group.heading);
      const heading = document.createElement("p");
      heading.textContent = group.heading;
      heading.setAttribute("aria-hidden", "true");
      part.append(heading);
      for (const row of group.rows) part.append(option(row, number++));
      list.append(part);
    }
    empty.hidden = number > 0;
    const first = list.querySelector("[role=option]");
    if (first) choose(first);
    else field.removeAttribute("aria-activedescendant");
  }

  function option(row, number) {
    const link = document.createElement("a");
    link.href = row.url;
    link.id = `found-${number}`;
    link.setAttribute("role", "option");
    link.tabIndex = -1;
    const icon = dialog.querySelector("template").content.firstElementChild.cloneNode(true);
    const use = icon.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#i-${row.icon}`));
    const words = document.createElement("span");
    words.textContent = row.label;
    if (row.note) {
      const note = document.createElement("span");
      note.className = "sub";
      note.textContent = row.note;
      words.append(note);
    }
    link.append(icon, words);
    link.addEventListener("pointermove", () => choose(link));
    return link;
  }

  function choose(row) {
    for (const other of list.querySelectorAll("[role=option]")) other.setAttribute("aria-selected", String(other === row));
    field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }
}
