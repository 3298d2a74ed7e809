/* File fields in the page's own language: browsers write "No file chosen" in theirs. */
(() => {
  "use strict";
  function dress(input) {
    if (input.dataset.dressed || input.closest(".photo-add, [data-record-file]")) return;
    input.dataset.dressed = "1";
    const words = document.body.dataset;
    const box = document.createElement("span");
    const button = document.createElement("span");
    const told = document.createElement("output");
    box.className = "file-pick";
    button.className = "button";
    button.textContent = words.choose;
    told.textContent = words.noFile;
    input.before(box);
    box.append(input, button, told);
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", () => {
      const names = [...input.files].map((file) => file.name).join(", ");
      told.textContent = names || words.noFile;
    });
    input.form?.addEventListener("reset", () => {
      told.textContent = words.noFile;
    });
  }
  const all = () => document.querySelectorAll('input[type="file"]').forEach(dress);
  all();
  document.addEventListener("htmx:load", all);
})();
