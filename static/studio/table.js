// A table of variants as a value: every change makes a new one and shares what did not change, so going back is free.
const UNDO_MOST = 200;

export class Table {
  constructor(came, limits) {
    this.came = came;
    this.limits = limits;
    this.reset();
  }

  reset() {
    this.now = this.came;
    this.before = [];
  }

  get columns() { return this.now.columns; }
  get rows() { return this.now.rows; }
  get changed() { return this.now !== this.came; }

  /** What stands in a cell: column 0 is the variant's name, the others are its attributes. */
  text(row, column) {
    const one = this.rows[row];
    return column === 0 ? one.name : one.attributes[this.columns[column - 1]] ?? "";
  }

  undo() {
    if (this.before.length) this.now = this.before.pop();
  }

  /** Write cells: a list of [row, column, text]. Rows that are not there yet are added. Says how many were cut short. */
  write(cells) {
    const rows = [...this.rows];
    const fresh = new Set();
    let cut = 0;
    for (const [row, column, given] of cells) {
      while (rows.length <= row) { rows.push(blank(rows.length === 0)); fresh.add(rows.length - 1); }
      if (!fresh.has(row)) { rows[row] = { ...rows[row], attributes: { ...rows[row].attributes } }; fresh.add(row); }
      const most = column === 0 ? this.limits.name : this.limits.value;
      const text = [...given].slice(0, most).join("");
      if (text !== given) cut++;
      if (column === 0) rows[row].name = text;
      else rows[row].attributes[this.columns[column - 1]] = text;
    }
    this.#become({ columns: this.columns, rows });
    return cut;
  }

  addRow(name) {
    if (this.rows.length >= this.limits.rows) return false;
    this.#become({ columns: this.columns, rows: [...this.rows, { ...blank(this.rows.length === 0), name }] });
    return true;
  }

  addColumn(name) {
    if (this.columns.length >= this.limits.columns) return false;
    let free = name;
    for (let n = 2; this.columns.includes(free); n++) free = `${name}_${n}`;
    this.#become({ columns: [...this.columns, free], rows: this.rows });
    return true;
  }

  removeRow(row) {
    const rows = this.rows.filter((_one, place) => place !== row);
    if (this.rows[row].is_default && rows.length) rows[0] = { ...rows[0], is_default: true };
    this.#become({ columns: this.columns, rows });
  }

  removeColumn(place) {
    const name = this.columns[place];
    this.#become({
      columns: this.columns.filter((other) => other !== name),
      rows: this.rows.map(({ attributes: { [name]: _gone, ...attributes }, ...one }) => ({ ...one, attributes })),
    });
  }

  /** False when the name cannot be one, or another column has it. */
  renameColumn(place, given) {
    const name = columnName(given);
    const before = this.columns[place];
    if (!name || (name !== before && this.columns.includes(name))) return false;
    if (name === before) return true;
    this.#become({
      columns: this.columns.map((other) => (other === before ? name : other)),
      rows: this.rows.map(({ attributes: { [before]: value, ...attributes }, ...one }) => ({ ...one, attributes: value === undefined ? attributes : { ...attributes, [name]: value } })),
    });
    return true;
  }

  makeDefault(row) {
    this.#become({ columns: this.columns, rows: this.rows.map((one, place) => (one.is_default === (place === row) ? one : { ...one, is_default: place === row })) });
  }

  /** The places of the rows that have these words in any cell. */
  find(words) {
    const wanted = words.trim().toLowerCase();
    const all = this.rows.map((_one, place) => place);
    if (!wanted) return all;
    return all.filter((place) => {
      const one = this.rows[place];
      return [one.name, one.key, ...Object.values(one.attributes)].some((text) => text.toLowerCase().includes(wanted));
    });
  }

  #become(next) {
    this.before.push(this.now);
    if (this.before.length > UNDO_MOST) this.before.shift();
    this.now = next;
  }
}

const blank = (isFirst) => ({ key: "", name: "", is_default: isFirst, attributes: {} });

export function columnName(given) {
  const name = given.trim().toLowerCase().normalize("NFD").replace(/[^a-z0-9]+/g, "_").replace(/^[^a-z]+|_+$/g, "");
  return name.slice(0, 40);
}

/** What spreadsheets put into the clipboard: tabs between cells, quotation marks around cells with line breaks. */
export function cellsOf(text) {
  const rows = [[""]];
  let quoted = false;
  const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < source.length; at++) {
    const sign = source[at];
    const row = rows.at(-1);
    if (quoted) {
      if (sign === '"' && source[at + 1] === '"') { row[row.length - 1] += '"'; at++; }
      else if (sign === '"') quoted = false;
      else row[row.length - 1] += sign === "\n" ? " " : sign;
    } else if (sign === '"' && row.at(-1) === "") quoted = true;
    else if (sign === "\t") row.push("");
    else if (sign === "\n") rows.push([""]);
    else row[row.length - 1] += sign;
  }
  return rows;
}
