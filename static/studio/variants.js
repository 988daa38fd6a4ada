// The sheet of variants. One cell is the current one and the table keeps the focus; only rows in sight are drawn.
import { HEAD, ROW_PX, cell, corner, gap, line, rowOf } from "./variant-rows.js";
import { Table, cellsOf } from "./table.js";
import { toast } from "./toasts.js";

const words = JSON.parse(document.getElementById("words").textContent);
const limits = JSON.parse(document.getElementById("limits").textContent);
const table = new Table(JSON.parse(document.getElementById("variants").textContent), limits);
const form = document.querySelector("[data-variants]");
const sheet = form.querySelector(".sheet-wrap");
const grid = sheet.querySelector(".grid");
const search = document.querySelector("[data-search]");
const fixed = grid.classList.contains("fixed");
const CHUNK_ROWS = 12; // rows are drawn and thrown away by so many at a time

let shown = table.find(""); // places of the rows that are searched for
let at = { row: 0, column: 0 }; // `row` counts in `shown`; HEAD is the row of names
let editing = null;
let drawn = "";
let seenPx = 560;
let revealed = 0; // the column that was scrolled to last: measuring costs a layout
let stamp = 0;
let marked = null;

redraw(); // before console.js looks at the form: what stands in its field now is what counts as saved
form.addEventListener("restored", () => { table.reset(); at = { row: 0, column: 0 }; redraw(); });
form.addEventListener("submit", () => { finish(true); carry(); });
sheet.addEventListener("scroll", () => requestAnimationFrame(() => draw()), { passive: true });
new ResizeObserver(() => { seenPx = sheet.clientHeight; draw(); }).observe(sheet);
grid.addEventListener("keydown", press);
grid.addEventListener("click", point);
grid.addEventListener("dblclick", () => edit());
grid.addEventListener("focus", () => mark());
grid.addEventListener("blur", () => mark());
grid.addEventListener("paste", paste);
grid.addEventListener("copy", (event) => { if (!editing) { event.clipboardData.setData("text/plain", current()); event.preventDefault(); } });
search?.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); }); // not the form
search?.addEventListener("input", () => { shown = table.find(search.value); at = { row: 0, column: at.column }; sheet.scrollTop = 0; redraw(); });
const tools = {
  addRow: () => change(() => table.addRow("") || complain(words.tooMany, limits.rows), () => ({ row: shown.length - 1, column: 0 }), true),
  addColumn: () => change(() => table.addColumn(words.newColumn) || complain(words.tooManyColumns, limits.columns), () => ({ row: HEAD, column: table.columns.length }), true),
  makeDefault: () => change(() => table.makeDefault(shown[at.row])),
  removeRow: () => change(() => table.removeRow(shown[at.row])),
  removeColumn: () => change(() => table.removeColumn(at.column - 1)),
  undo: () => change(() => table.undo()),
};
for (const button of form.querySelectorAll("[data-tool]")) button.addEventListener("click", () => { finish(true); tools[button.dataset.tool](); });

// ── Changes ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Do something to the table, then show it and put the current cell somewhere. */
function change(work, where = () => at, open = false) {
  if (work() === false) return;
  if (search?.value && open) search.value = "";
  at = { ...at };
  redraw(where);
  grid.focus();
  if (open) edit();
}

function complain(text, most) {
  toast(text.replace("{most}", most), true);
  return false;
}

function set(text) {
  if (at.row === HEAD) {
    if (table.renameColumn(at.column - 1, text)) return;
    toast(table.columns.includes(text.trim()) ? words.columnTaken : words.columnName, true);
  } else if (text !== current() && table.write([[shown[at.row], at.column, text]])) {
    toast(words.tooLong.replace("{most}", limits.value), true);
  }
}

function paste(event) {
  if (editing || fixed) return;
  event.preventDefault();
  const block = cellsOf(event.clipboardData.getData("text/plain"));
  if (!block.some((row) => row.some(Boolean))) return;
  const cells = [];
  let left = 0;
  const first = at.row === HEAD ? nameColumns(block.shift()) : shown[at.row] ?? 0;
  const rowsBefore = table.rows.length;
  block.forEach((row, down) => row.forEach((text, right) => {
    const place = search?.value ? shown[at.row + down] : first + down;
    const column = at.column + right;
    if (place === undefined || place >= limits.rows || column > table.columns.length) left++;
    else cells.push([place, column, text.trim()]);
  }));
  const cut = cells.length ? table.write(cells) : 0;
  redraw();
  const added = table.rows.length - rowsBefore;
  if (cells.length) toast((added ? words.pastedNewRows : words.pasted).replace("{cells}", cells.length).replace("{rows}", added));
  if (left) complain(words.cut.replace("{cells}", left));
  if (cut) complain(words.tooLong, limits.value);
}

/** A block pasted on the names brings names along: its first line names columns, the rest fills the rows below. */
function nameColumns(names) {
  names.forEach((name, right) => {
    const place = at.column - 1 + right;
    if (place < 0 || !name.trim()) return;
    if (place >= table.columns.length && !table.addColumn(words.newColumn)) return;
    table.renameColumn(place, name);
  });
  return 0;
}

// ── Keys and pointer ───────────────────────────────────────────────────────────────────────────────────────────

function press(event) {
  const command = event.ctrlKey || event.metaKey;
  if (editing) {
    if (event.key === "Escape") finish(false);
    else if (event.key === "Enter" && !event.isComposing) { finish(true); move(1, 0); }
    else if (event.key === "Tab") { finish(true); move(0, event.shiftKey ? -1 : 1); }
    else return;
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const page = Math.max(1, Math.floor(sheet.clientHeight / ROW_PX) - 2);
  const steps = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0], Home: [command ? -limits.rows : 0, -limits.columns], End: [command ? limits.rows : 0, limits.columns] };
  if (steps[event.key]) move(...steps[event.key]);
  else if (event.key === "Enter" || event.key === "F2") edit();
  else if (command && event.key === "z" && !fixed) tools.undo();
  else if ((event.key === "Delete" || event.key === "Backspace") && !fixed && at.row !== HEAD && shown.length) change(() => set(""));
  else if (event.key.length === 1 && !command && !event.altKey) edit(event.key);
  else return;
  event.preventDefault();
}

function point(event) {
  const cell = event.target.closest("[data-row]");
  if (!cell || editing?.box === cell) return;
  finish(true);
  const was = at;
  at = { row: Number(cell.dataset.row), column: Number(cell.dataset.column) };
  mark();
  if (event.pointerType === "touch" && was.row === at.row && was.column === at.column) edit();
  else grid.focus({ preventScroll: true });
}

function move(down, right) {
  const last = shown.length - 1;
  at = { row: clamp(at.row + down, HEAD, last), column: clamp(at.column + right, 0, table.columns.length) };
  if (at.row === HEAD && at.column === 0) at.row = Math.min(0, last);
  reveal();
  draw();
  mark();
}

function clamp(value, least, most) { return Math.max(least, Math.min(most, value)); }

function current() {
  if (at.row === HEAD) return table.columns[at.column - 1] ?? "";
  return shown.length ? table.text(shown[at.row], at.column) : "";
}

/** Open the current cell as a field; `typed` takes the place of what stands in it. */
function edit(typed) {
  if (fixed || editing || (at.row !== HEAD && !shown.length) || (at.row === HEAD && at.column === 0)) return;
  reveal();
  draw();
  const box = cellAt();
  if (!box) return;
  const input = document.createElement("input");
  input.className = "cell";
  input.value = typed ?? current();
  input.maxLength = at.row === HEAD ? 40 : at.column === 0 ? limits.name : limits.value;
  input.autocomplete = "off";
  input.setAttribute("aria-label", box.dataset.label);
  editing = { box, input };
  box.append(input);
  input.focus();
  if (typed === undefined) input.select();
  input.addEventListener("blur", () => finish(true));
  input.addEventListener("input", (event) => event.stopPropagation());
}

function finish(keep) {
  if (!editing) return;
  const { input } = editing;
  const hadFocus = document.activeElement === input;
  editing = null;
  if (keep) set(input.value);
  input.remove();
  redraw();
  if (hadFocus) grid.focus({ preventScroll: true });
}

// ── Drawing ────────────────────────────────────────────────────────────────────────────────────────────────────

function redraw(where = () => at) {
  shown = table.find(search?.value ?? "");
  at = where();
  at = { row: clamp(at.row, HEAD, shown.length - 1), column: clamp(at.column, 0, table.columns.length) };
  form.querySelector("[data-empty]").hidden = table.rows.length > 0;
  form.querySelector("[data-full]").hidden = table.rows.length === 0;
  drawn = "";
  reveal();
  draw();
  mark();
  const count = form.querySelector("[data-count]");
  count.textContent = (search?.value ? words.found : words.count).replace("{found}", shown.length).replace("{rows}", table.rows.length).replace("{columns}", table.columns.length).replace("{rowsMost}", limits.rows).replace("{columnsMost}", limits.columns);
  form.elements.stamp.value = table.changed ? String(++stamp) : "";
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function draw() {
  const first = Math.max(0, Math.floor(sheet.scrollTop / ROW_PX / CHUNK_ROWS) - 1) * CHUNK_ROWS;
  const last = Math.min(shown.length, (Math.ceil((sheet.scrollTop + seenPx) / ROW_PX / CHUNK_ROWS) + 1) * CHUNK_ROWS);
  const range = `${first} ${last}`;
  if (drawn === range || editing) return;
  drawn = range;
  const head = document.createElement("thead");
  head.append(line(HEAD, [corner(), ...table.columns.map((name, place) => cell("th", HEAD, place + 1, name, words.renameColumn.replace("{name}", name)))]));
  const body = document.createElement("tbody");
  body.append(gap(first), ...shown.slice(first, last).map((place, down) => rowOf(table.rows[place], first + down, table.columns)), gap(shown.length - last));
  grid.setAttribute("aria-rowcount", shown.length + 1);
  grid.setAttribute("aria-colcount", table.columns.length + 1);
  grid.replaceChildren(head, body);
  mark();
}

function cellAt() { return document.getElementById(`cell-${at.row}-${at.column}`); }

/** Scroll so that the current cell is clear of the names above and beside it. */
function reveal() {
  if (at.row >= 0) {
    const top = at.row * ROW_PX;
    const room = seenPx - ROW_PX;
    if (top < sheet.scrollTop) sheet.scrollTop = top;
    else if (room > ROW_PX && top + ROW_PX > sheet.scrollTop + room) sheet.scrollTop = top + ROW_PX - room;
  }
  if (at.column === revealed) return;
  revealed = at.column;
  const box = cellAt();
  const side = grid.querySelector("thead th");
  if (!box || !side || at.column === 0) { if (at.column === 0) sheet.scrollLeft = 0; return; }
  const left = box.offsetLeft - side.offsetWidth;
  if (left < sheet.scrollLeft) sheet.scrollLeft = left;
  else if (box.offsetLeft + box.offsetWidth > sheet.scrollLeft + sheet.clientWidth) sheet.scrollLeft = box.offsetLeft + box.offsetWidth - sheet.clientWidth;
}

function mark() {
  const box = cellAt();
  if (marked !== box) marked?.removeAttribute("aria-selected");
  marked = box;
  box?.setAttribute("aria-selected", "true");
  if (box) grid.setAttribute("aria-activedescendant", box.id);
  else grid.removeAttribute("aria-activedescendant");
  const onRow = at.row >= 0 && shown.length > 0;
  const can = { makeDefault: onRow && !table.rows[shown[at.row]]?.is_default, removeRow: onRow, removeColumn: at.column > 0, undo: table.before.length > 0 };
  for (const button of form.querySelectorAll("[data-tool]")) if (button.dataset.tool in can) button.disabled = !can[button.dataset.tool];
}

/** The table goes along as a file: a large one is too long for a field. */
function carry() {
  const given = new DataTransfer();
  given.items.add(new File([JSON.stringify(table.now)], "table.json", { type: "application/json" }));
  form.elements.table_file.files = given.files;
}
