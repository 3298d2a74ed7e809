/* Keys of the call page. Without this file every choice is made in the form itself. */
(() => {
  "use strict";
  const form = document.getElementById("call");
  const words = form.elements.words;
  const type = form.elements.case_type;
  const byHand = form.elements.by_hand;
  if (!words.value) words.focus();

  /* Only what a leader was told has somebody who follows it up by name. */
  const followedUp = document.getElementById("followed-up");
  function live() {
    followedUp.hidden = form.elements.channel.value !== "leader";
  }
  form.elements.channel.addEventListener("change", live);
  live();

  function choose(key) {
    type.value = key;
    byHand.value = "1";
    type.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* As long as nobody has chosen, the likeliest type is: it is seen before it is sent. */
  function suggest() {
    if (!byHand.value) type.value = document.querySelector("[data-likely]")?.dataset.likely ?? "";
  }

  const keys = { a: "answered", j: "join" };

  /* A telephone system opens this page with #number=…: what stands behind # goes to no server and
     into no log, and is taken out of the address at once. */
  const shown = document.getElementById("shown");
  function ask() {
    const number = new URLSearchParams(location.hash.slice(1).replace("+", "%2B")).get("number");
    if (!number) return;
    history.replaceState(null, "", location.pathname + location.search);
    shown.elements.number.value = number.slice(0, 24);
    shown.requestSubmit();
  }
  window.addEventListener("hashchange", ask);
  window.addEventListener("load", ask);

  /* Most want to be called back at the number they call from; it can be taken out again. */
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const phone = form.elements.phone;
    if (event.target.id === "matches" && !phone.value) phone.value = shown.elements.number.value;
  });

  type.addEventListener("change", () => {
    byHand.value = type.value ? "1" : "";
  });
  document.body.addEventListener("htmx:afterSettle", suggest);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-choose]");
    if (button) choose(button.dataset.choose);
  });

  document.addEventListener("keydown", (event) => {
    const danger = [...document.querySelectorAll("[name=danger]")];
    const at = danger.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "F9") {
      event.preventDefault();
      danger[0]?.focus();
    } else if (at >= 0 && step) {
      event.preventDefault();
      danger[(at + step + danger.length) % danger.length].focus();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("open-case"));
    } else if (event.altKey && /^[1-3]$/.test(event.key)) {
      event.preventDefault();
      document.querySelectorAll("[data-choose]")[Number(event.key) - 1]?.click();
    } else if (event.altKey && keys[event.key.toLowerCase()]) {
      event.preventDefault();
      document.getElementById(keys[event.key.toLowerCase()])?.focus();
    }
  });
})();
