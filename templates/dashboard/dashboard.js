// Filters, sorting and permalinks of tables. Without it every table is there as a whole, in the order of urgency.
"use strict";

const DAY = 86_400_000;
const TYPING_PAUSE = 150;
/** Rows that are shown before somebody asks for the others: laying out thousands of them takes seconds. */
const FIRST_ROWS = 200;

/** Filters and sorts the rows of one table by its form; the address keeps what is chosen after the #. */
class FilteredTable {
  constructor(form) {
    this.form = form;
    this.table = document.getElementById(form.dataset.table);
    this.body = this.table.tBodies[0];
    this.rows = [...this.body.rows].map((row, place) => ({
      row,
      place,
      text: row.textContent.toLowerCase(),
      keys: [...row.cells].map((cell) => cell.dataset.key ?? cell.textContent.trim().toLowerCase()),
    }));
    this.columns = [...this.table.tHead.rows[0].cells].map((head) => head.dataset.sort);
    this.sorted = this.rows;
    this.order = "";
    this.limit = FIRST_ROWS;
    this.timer = 0;
    this.more = document.querySelector(`[data-more="${this.table.id}"]`);
    this.none = document.querySelector(`[data-none="${this.table.id}"]`);
    this.more.addEventListener("click", () => this.showOthers());
    window.addEventListener("beforeprint", () => this.showOthers());
    form.hidden = false;
    this.addButtons();
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("reset", () => setTimeout(() => this.choose(true)));
    form.addEventListener("input", (event) => this.onInput(event));
    for (const button of document.querySelectorAll(`[data-reset="${this.table.id}"]`)) {
      button.addEventListener("click", () => form.reset());
    }
    window.addEventListener("hashchange", () => this.read());
    this.read();
  }

  addButtons() {
    for (const head of this.table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      button.addEventListener("click", () => this.sortBy(head.dataset.sort));
      head.replaceChildren(button);
    }
  }

  onInput(event) {
    clearTimeout(this.timer);
    const isTyping = event.target.type === "search";
    this.timer = setTimeout(() => this.choose(!isTyping), isTyping ? TYPING_PAUSE : 0);
  }

  /** Clicks on a head sort up, then down, then by urgency again. */
  sortBy(column) {
    const next = { [column]: `-${column}`, [`-${column}`]: "" };
    this.setSort(this.order in next ? next[this.order] : column);
    this.choose(true);
  }

  setSort(order) {
    const select = this.form.elements.sort;
    if (order && ![...select.options].some((option) => option.value === order)) {
      const label = [...this.table.tHead.rows[0].cells].find((head) => head.dataset.sort === order.replace("-", ""));
      if (!label) return;
      select.add(new Option(`${label.textContent.trim()}${order.startsWith("-") ? ", reversed" : ""}`, order));
    }
    select.value = order;
  }

  /** Writes what is chosen into the address. A step back undoes a choice; letters of a search are one step. */
  choose(isStep) {
    const chosen = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (value.trim()) chosen.set(name, value.trim());
    }
    const hash = chosen.size ? `#${chosen}` : "#all=";
    if (hash === location.hash) return this.apply();
    if (isStep) location.hash = hash;
    else {
      location.replace(hash);
    }
  }

  /** Reads the address; what it does not name is not chosen. An address of a row shows every row. */
  read() {
    const chosen = new URLSearchParams(location.hash.includes("=") ? location.hash.slice(1) : "");
    for (const control of this.form.elements) {
      if (!control.name || control.name === "sort") continue;
      const value = chosen.get(control.name) ?? "";
      if (control.value.trim() === value) continue;
      if (control.tagName === "SELECT" && ![...control.options].some((option) => option.value === value)) {
        control.add(new Option(`${value} (0)`, value));
      }
      control.value = value;
    }
    this.setSort(chosen.get("sort") ?? "");
    const target = location.hash.includes("=") ? null : document.getElementById(location.hash.slice(1));
    if (this.body.contains(target)) this.limit = Infinity;
    this.apply();
    if (this.body.contains(target)) target.scrollIntoView();
  }

  showOthers() {
    this.limit = Infinity;
    this.apply();
  }

  apply() {
    const { q, sort, ...exact } = Object.fromEntries(new FormData(this.form));
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = Object.entries(exact).filter(([, value]) => value);
    this.sort(sort);
    let matching = 0;
    for (const { row, text } of this.sorted) {
      const fits = asked.every(([name, value]) => row.dataset[name] === value) && words.every((word) => text.includes(word));
      matching += fits;
      const isHidden = !fits || matching > this.limit;
      if (row.hidden !== isHidden) row.hidden = isHidden;
    }
    this.announce(matching);
  }

  sort(order) {
    for (const head of this.table.tHead.rows[0].cells) {
      const direction = order === head.dataset.sort ? "ascending" : order === `-${head.dataset.sort}` ? "descending" : null;
      if (direction) head.setAttribute("aria-sort", direction);
      else head.removeAttribute("aria-sort");
    }
    if (order === this.order) return;
    this.order = order;
    const column = this.columns.indexOf(order.replace("-", ""));
    const factor = order.startsWith("-") ? -1 : 1;
    const collator = new Intl.Collator("en", { numeric: true });
    const compare = (a, b) => {
      const [left, right] = [a.keys[column], b.keys[column]];
      if (left === right) return a.place - b.place;
      if (left === "" || right === "") return left === "" ? 1 : -1;
      const [first, second] = [Number(left), Number(right)];
      const difference = Number.isNaN(first) || Number.isNaN(second) ? collator.compare(left, right) : first - second;
      return difference * factor || a.place - b.place;
    };
    this.sorted = column < 0 ? this.rows : [...this.rows].sort(compare);
    // Emptied first: Chromium takes seconds to move thousands of rows one by one.
    this.body.replaceChildren();
    this.body.append(...this.sorted.map(({ row }) => row));
  }

  announce(matching) {
    const { noun, nouns } = this.form.dataset;
    const all = this.rows.length;
    const number = (count) => count.toLocaleString("en");
    const words = `${matching === all ? "" : `${number(matching)} of `}${number(all)} ${all === 1 ? noun : nouns}`;
    const output = this.form.querySelector("output");
    if (output.textContent !== words) output.textContent = words;
    this.none.hidden = matching > 0;
    this.more.hidden = matching <= this.limit;
    this.more.textContent = `Show the other ${number(matching - this.limit)}`;
  }
}

/** Shows the verdict for the people who are ticked: the row of their group alone; without any, every row. */
class PeopleChoice {
  constructor(form) {
    this.form = form;
    this.rows = [...document.getElementById(form.dataset.groups).tBodies[0].rows];
    this.output = form.querySelector("output");
    form.hidden = false;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => this.choose());
    window.addEventListener("hashchange", () => this.read());
    this.read();
  }

  /** Ticks the group that the address names; the address of anything else ticks nobody. */
  read() {
    const row = this.rows.find(({ id }) => `#${id}` === location.hash);
    const chosen = row ? row.dataset.group.split("-") : [];
    for (const box of this.form.elements.person) box.checked = chosen.includes(box.value);
    this.apply();
  }

  choose() {
    const row = this.apply();
    history.replaceState(null, "", row ? `#${row.id}` : "#what-if");
  }

  apply() {
    const group = [...this.form.elements.person].filter((box) => box.checked).map((box) => box.value).join("-");
    const chosen = this.rows.find((row) => row.dataset.group === group);
    if (chosen) chosen.closest("details").open = true;
    for (const row of this.rows) row.hidden = Boolean(chosen) && row !== chosen;
    this.output.textContent = chosen ? chosen.cells[1].textContent.trim() : `All ${this.rows.length} groups are shown`;
    return chosen;
  }
}

/** Says so on top of the page if it was made more than two days ago. */
function tellAge() {
  const note = document.getElementById("old");
  const days = Math.floor((Date.now() - Date.parse(note.dataset.made)) / DAY);
  if (days < 2) return;
  note.querySelector("span").textContent = `${days.toLocaleString("en")} days`;
  note.hidden = false;
}

/** Opens the folded part that an address leads to. */
function openTarget() {
  const target = location.hash.length > 1 && !location.hash.includes("=") && document.getElementById(location.hash.slice(1));
  if (!target) return;
  const folded = [...document.querySelectorAll("details")].filter((part) => part.contains(target));
  for (const part of folded) part.open = true;
  if (folded.length) target.scrollIntoView();
}

/** Paper has no folds: every folded part is open while the page is printed. */
function openForPrint() {
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
}

tellAge();
openTarget();
openForPrint();
window.addEventListener("hashchange", openTarget);
for (const form of document.querySelectorAll("form[data-table]")) new FilteredTable(form);
for (const form of document.querySelectorAll("form[data-groups]")) new PeopleChoice(form);
