
"use strict";
(function () {
  const box = document.querySelector(".filter");
  if (box === null) return;
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  let rows = null;
  let waiting = 0;

  // Read once, at the first use: the page must open fast.
  function all() {
    if (rows === null) {
      rows = Array.from(document.querySelectorAll("[data-filter]"), function (row) {
        const group = row.closest("details");
        const name = group === null ? "" : group.firstElementChild.textContent + " ";
        return { row: row, text: (name + row.textContent).toLowerCase() };
      });
    }
    return rows;
  }

  function filter() {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const one of all()) {
      const hit = words.every(function (word) { return one.text.includes(word); });
      one.row.classList.toggle("off", !hit);
      if (hit) found += 1;
    }
    for (const group of document.querySelectorAll("details")) {
      const hit = group.querySelector("li:not(.off)") !== null;
      group.classList.toggle("off", !hit);
      group.open = hit ? words.length !== 0 : false;
    }
    for (const section of document.querySelectorAll("#checks > section")) {
      section.classList.toggle("off", section.querySelector("[data-filter]:not(.off)") === null);
    }
    output.textContent = words.length === 0 ? "" : found + " of " + all().length + " checks";
  }

  input.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 120);
  });
  box.hidden = false;
})();
