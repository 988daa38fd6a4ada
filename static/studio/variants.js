// The table of variants: drawn from the page's data, edited in place, sent as one value when it is saved.
const words = JSON.parse(document.getElementById("words").textContent);
const came = JSON.parse(document.getElementById("variants").textContent);
const form = document.querySelector("[data-variants]");
const grid = form.querySelector(".grid");
const fixed = grid.classList.contains("fixed");
let table = structuredClone(came);

draw(); // before console.js looks at the form: what stands in its field now is what counts as saved
form.addEventListener("restored", () => { table = structuredClone(came); draw(); });
for (const button of form.querySelectorAll("[data-add-row]")) button.addEventListener("click", addRow);
for (const button of form.querySelectorAll("[data-add-column]")) button.addEventListener("click", addColumn);

function keep() {
  form.elements.table.value = JSON.stringify(table);
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

function addRow() {
  table.rows.push({ key: "", name: "", is_default: table.rows.length === 0, attributes: {} });
  draw();
  grid.querySelector("tbody tr:last-child input").focus();
}

function addColumn() {
  let name = words.newColumn;
  for (let n = 2; table.columns.includes(name); n++) name = `${words.newColumn}_${n}`;
  table.columns.push(name);
  draw();
  const input = [...grid.querySelectorAll("thead input")].at(-1);
  input.focus();
  input.select();
}

function draw() {
  form.querySelector("[data-empty]").hidden = table.rows.length > 0;
  form.querySelector("[data-full]").hidden = table.rows.length === 0;
  const head = row([cell("th", words.variant), ...table.columns.map(headOf)]);
  const thead = document.createElement("thead");
  thead.append(head);
  const tbody = document.createElement("tbody");
  tbody.append(...table.rows.map(rowOf));
  grid.replaceChildren(thead, tbody);
  keep();
}

function headOf(name, place) {
  const box = cell("th");
  box.scope = "col";
  const input = field(name, `${words.column} ${place + 1}`, (value) => {
    input.setCustomValidity(renameColumn(place, value) ? "" : words.columnTaken);
  });
  input.addEventListener("change", () => { if (input.validity.valid) input.value = table.columns[place]; else input.reportValidity(); });
  input.classList.add("mono");
  input.maxLength = 40;
  box.append(input);
  if (!fixed) box.append(remover(`${words.removeColumn}: ${name}`, () => {
    table.columns.splice(place, 1);
    table.rows.forEach((one) => delete one.attributes[name]);
    draw();
  }));
  return box;
}

/** False when another column has the name: the old one stays until it is another. */
function renameColumn(place, value) {
  const before = table.columns[place];
  const name = value.trim().toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  if (table.columns.some((other, at) => at !== place && other === name)) return false;
  table.columns[place] = name;
  for (const one of table.rows) {
    if (!(before in one.attributes)) continue;
    one.attributes[name] = one.attributes[before];
    if (name !== before) delete one.attributes[before];
  }
  return true;
}

function rowOf(one, place) {
  const head = cell("th");
  head.scope = "row";
  const name = field(one.name, words.name, (value) => { one.name = value; });
  name.maxLength = 60;
  const mark = document.createElement("label");
  mark.className = "mark-default";
  const radio = document.createElement("input");
  Object.assign(radio, { type: "radio", name: "", checked: one.is_default, disabled: fixed });
  radio.setAttribute("aria-label", `${words.makeDefault}: ${one.name}`);
  radio.addEventListener("change", () => { table.rows.forEach((other) => { other.is_default = other === one; }); draw(); });
  mark.append(radio, one.is_default ? words.default : "");
  const under = document.createElement("div");
  under.className = "under";
  const key = document.createElement("code");
  key.textContent = one.key;
  under.append(mark, key);
  head.append(name, under);
  if (!fixed) head.append(remover(`${words.removeRow}: ${one.name}`, () => {
    table.rows.splice(place, 1);
    if (one.is_default && table.rows.length) table.rows[0].is_default = true;
    draw();
  }));
  return row([head, ...table.columns.map((column) => {
    const box = cell("td");
    const label = words.cell.replace("{column}", column).replace("{name}", one.name || "…");
    box.append(field(one.attributes[column] ?? "", label, (value) => { one.attributes[column] = value; }));
    return box;
  })]);
}

function field(value, label, change) {
  const input = document.createElement("input");
  Object.assign(input, { className: "cell", value, disabled: fixed, maxLength: 500, autocomplete: "off" });
  input.setAttribute("aria-label", label);
  input.title = value;
  input.addEventListener("input", () => { change(input.value); keep(); });
  return input;
}

function remover(label, press) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "btn quiet icon-only remove" });
  button.setAttribute("aria-label", label);
  button.append(document.getElementById("icon-close").content.cloneNode(true));
  button.addEventListener("click", press);
  return button;
}

function row(cells) {
  const line = document.createElement("tr");
  line.append(...cells);
  return line;
}

function cell(kind, text = "") {
  const box = document.createElement(kind);
  box.textContent = text;
  return box;
}
