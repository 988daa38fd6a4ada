// Rows and cells of the sheet of variants, as elements. They know nothing of what is current or in sight.
const words = JSON.parse(document.getElementById("words").textContent);
export const ROW_PX = 52;
export const HEAD = -1; // the row of names

/** One variant as a row: its name with its key under it, then a cell for each of `columns`. */
export function rowOf(one, row, columns) {
  const name = cell("th", row, 0, one.name, words.name);
  const under = document.createElement("span");
  under.className = "under";
  const key = document.createElement("code");
  key.textContent = one.key;
  under.append(key);
  if (one.is_default) {
    const tag = document.createElement("span");
    tag.className = "tag";
    tag.textContent = words.default;
    under.append(tag);
  }
  name.append(under);
  const title = one.name || words.newVariant;
  return line(row, [name, ...columns.map((column, at) => cell("td", row, at + 1, one.attributes[column] ?? "", words.cell.replace("{column}", column).replace("{name}", title)))]);
}

/** @param {"th"|"td"} kind */
export function cell(kind, row, column, text, label) {
  const box = document.createElement(kind);
  box.id = `cell-${row}-${column}`;
  box.role = row === HEAD ? "columnheader" : kind === "th" ? "rowheader" : "gridcell";
  box.ariaColIndex = column + 1;
  Object.assign(box.dataset, { row, column, label });
  if (column === 0) {
    const name = document.createElement("span");
    name.className = "shown";
    name.textContent = text;
    box.append(name);
  } else box.textContent = text;
  if (text.length > 22) box.title = text;
  return box;
}

export function corner() {
  const box = document.createElement("th");
  box.role = "columnheader";
  box.textContent = words.variant;
  return box;
}

export function line(row, cells) {
  const made = document.createElement("tr");
  made.ariaRowIndex = row + 2;
  made.append(...cells);
  return made;
}

/** Room for rows that are out of sight. */
export function gap(rows) {
  const made = document.createElement("tr");
  made.className = "gap";
  made.ariaHidden = "true";
  made.style.height = `${Math.max(0, rows) * ROW_PX}px`;
  return made;
}
