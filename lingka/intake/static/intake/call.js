/* Keys of the call page. Without this file every choice is made in the form itself. */
(() => {
  "use strict";
  const form = document.getElementById("call");
  const words = form.elements.words;
  if (!words.value) words.focus();

  function choose(key) {
    form.elements.case_type.value = key;
    form.elements.case_type.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (button) choose(button.dataset.choose);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "F9") {
      event.preventDefault();
      document.getElementById("danger")?.focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("open-case"));
    } else if (event.altKey && /^[1-3]$/.test(event.key)) {
      event.preventDefault();
      document.querySelectorAll("[data-choose]")[Number(event.key) - 1]?.click();
    }
  });
})();
