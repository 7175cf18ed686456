// Search as you type. The index is a script of its own, because a page from a file may load no data; it is asked for when
// somebody searches. Its lines are `kind, name, address, summary` with tabs between them, and for fields
// `field, name, places` where a place is the number of a line before and the address within that page.
"use strict";
(() => {
  const form = document.querySelector("form[data-index]");
  if (!form) return;
  const input = form.querySelector("input"), list = form.querySelector("[role=listbox]");
  const MOST = 30;
  let entries = null, asked = false, selected = -1;

  window.searchIndex = text => {
    const lines = text.split("\n").map(line => line.split("\t"));
    const pages = lines.filter(line => line.length === 4);
    entries = pages.map(([kind, name, address, summary]) => entry(kind, name, address, summary));
    for (const [kind, name, places] of lines.filter(line => line.length === 3)) {
      const found = places.split(" ").map(place => place.split("#"));
      for (const [page, anchor] of found) {
        const [, of, address] = pages[page];
        entries.push({ ...entry(kind, name, `${address}#${anchor}`, of), isField: true });
      }
    }
    show();
  };

  // `getDentryIdByUuid` is found by its words, too.
  const words = text => text.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const entry = (kind, name, address, summary) =>
    ({ kind, name, address, summary, plain: name.toLowerCase(), words: words(name), text: summary.toLowerCase() });

  function load() {
    if (asked) return;
    asked = true;
    const script = document.createElement("script");
    script.src = form.dataset.index;
    document.head.append(script);
  }

  // The smaller, the better; nothing where a word of the question is nowhere.
  function rank(entry, question, terms) {
    const base = entry.isField ? 1 : 0;
    if (entry.plain === question) return 0;
    const own = entry.plain.slice(entry.plain.lastIndexOf(".") + 1);
    if (own === question) return 1 + base;
    if (own.startsWith(question)) return 2 + base;
    if (entry.plain.startsWith(question)) return 3;
    let sum = 4, named = false;
    for (const term of terms) {
      const before = sum;
      if (entry.words.some(word => word === term)) sum += 1;
      else if (entry.words.some(word => word.startsWith(term))) sum += 2;
      else if (entry.plain.includes(term)) sum += 4;
      else if (entry.text.includes(term)) sum += 8;
      else return null;
      named ||= sum < before + 8;
    }
    // A field is found by its own name, and may be narrowed by the operation that has it.
    return entry.isField && !named ? null : sum + base;
  }

  function find(question) {
    const terms = words(question);
    if (!terms.length) return [];
    const plain = question.trim().toLowerCase();
    const found = [];
    for (const each of entries) {
      const value = rank(each, plain, terms);
      if (value !== null) found.push([value, each]);
    }
    // Of two versions the newer one comes first.
    found.sort((a, b) => a[0] - b[0] || a[1].name.length - b[1].name.length || (a[1].name < b[1].name ? 1 : -1));
    return found.slice(0, MOST).map(([, each]) => each);
  }

  function show() {
    const question = input.value;
    selected = -1;
    list.replaceChildren();
    if (!question.trim() || !entries) return close();
    const found = find(question);
    found.forEach((each, at) => {
      const option = document.createElement("div");
      option.role = "option";
      option.id = `found-${at}`;
      option.dataset.href = form.dataset.root + each.address;
      for (const [tag, text] of [["b", each.name], ["i", each.kind], ["span", each.summary]]) {
        option.append(Object.assign(document.createElement(tag), { textContent: text }));
      }
      list.append(option);
    });
    if (!found.length) {
      const option = document.createElement("div");
      option.role = "option";
      option.setAttribute("aria-disabled", "true");
      option.append(Object.assign(document.createElement("span"), { textContent: form.dataset.nothing }));
      list.append(option);
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    if (found.length) select(0);
  }

  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function select(at) {
    const options = list.querySelectorAll("[data-href]");
    if (!options.length) return;
    options[selected]?.setAttribute("aria-selected", "false");
    selected = (at + options.length) % options.length;
    options[selected].setAttribute("aria-selected", "true");
    options[selected].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", options[selected].id);
  }

  function go(option, aside) {
    if (!option) return;
    if (aside) return void window.open(option.dataset.href);
    close();
    location.href = option.dataset.href;
  }

  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  input.addEventListener("focus", load);
  input.addEventListener("input", () => { load(); show(); });
  input.addEventListener("blur", () => setTimeout(close, 150));
  input.addEventListener("keydown", event => {
    const options = list.querySelectorAll("[data-href]");
    if (event.key === "ArrowDown") select(selected + 1);
    else if (event.key === "ArrowUp") select(selected - 1);
    else if (event.key === "Enter") go(options[selected], event.ctrlKey || event.metaKey);
    else if (event.key === "Escape") { if (list.hidden) input.blur(); else close(); }
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", event => event.preventDefault());
  list.addEventListener("click", event => go(event.target.closest("[data-href]"), event.ctrlKey || event.metaKey));
  document.addEventListener("keydown", event => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });

  // A question can be a part of the address.
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    input.value = given;
    load();
  }
})();
