/* The desk's comforts. Every page works without this file. */
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);

  /* Filters apply themselves. */
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-submit]")) field.form.requestSubmit();
    if (field.matches("[data-all]")) for (const box of all('[name="case"]', field.form)) box.checked = field.checked;
    if (field.matches("[data-standard]")) insertStandard(field);
    if (field.type === "radio") nameResult(field);
  });

  function insertStandard(select) {
    const text = select.selectedOptions[0]?.dataset.text;
    const words = one("textarea", select.form);
    if (!text || !words) return;
    words.value = words.value.trim() ? `${words.value.trim()}\n${text}` : text;
    words.focus();
    select.value = "";
  }

  /* The primary button names its result: the chosen unit. */
  function nameResult(radio) {
    const button = one("[data-primary]", radio.form ?? document);
    const pattern = button?.dataset.result;
    if (pattern && radio.dataset.name) button.textContent = pattern.replace("%s", radio.dataset.name);
  }

  /* Which row is open. */
  function markOpen() {
    const number = one("#case [data-case]")?.dataset.case;
    one(".desk-columns")?.classList.toggle("has-case", Boolean(number));
    for (const row of all("[data-row]")) {
      const link = one("h2 a", row);
      const open = link.id === `row-${number}`;
      row.classList.toggle("is-current", open);
      if (open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /* The menu's count follows the list's. */
  function countInMenu() {
    const told = one("[data-menu-count]");
    const link = told && one(`.desk-nav a[href="${told.dataset.menuCount}"]`);
    if (!link) return;
    let count = one(".count", link);
    if (!count) {
      count = document.createElement("span");
      count.className = "count";
      link.append(" ", count);
    }
    count.textContent = told.value;
  }

  document.addEventListener("htmx:afterSwap", (event) => {
    const target = event.detail.target?.id ?? "case"; // none: a page brought back by the browser
    if (target !== "case" && target !== "queue") return;
    markOpen();
    countInMenu();
    if (target === "case" && event.detail.target) {
      event.detail.target.querySelector(".desk-case")?.scrollTo(0, 0);
      const wrong = one("#case [aria-invalid=true]");
      if (wrong) wrong.focus();
      else if (window.matchMedia("(max-width: 820px)").matches) window.scrollTo(0, 0);
      const queue = one("#queue");
      if (event.detail.requestConfig.verb === "post" && queue) window.htmx.trigger(queue, "refresh");
    }
  });

  /* Polling: send what we have, keep the page when nothing changed, never under typing hands. */
  let etag = "";
  document.addEventListener("htmx:configRequest", (event) => {
    // Signing in anew in another window gives a new token; the form still holds the old one.
    const token = /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1];
    if (token && event.detail.verb === "post") event.detail.parameters.csrfmiddlewaretoken = token;
    if (!event.detail.elt.matches("[data-poll]")) return;
    const number = one("#case [data-case]")?.dataset.case;
    if (number) event.detail.parameters.current = number;
    if (etag) event.detail.headers["If-None-Match"] = etag;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    if (!element.matches("[data-poll], [data-case], [data-draft]")) {
      for (const told of all(".send-failed")) told.remove();
      return;
    }
    if (element.matches("[data-draft]")) return;
    const busy = element.matches("[data-poll]") && one("select:focus, input:focus, details[open]", element);
    if (document.hidden || busy) event.preventDefault();
  });
  /* What could not be sent is said beside the form, and what was typed stays. */
  function failure(name) {
    const words = one("#desk-failures")?.content;
    const found = words && (one(`[data-for="${name}"]`, words) ?? one('[data-for="500"]', words));
    return found?.cloneNode(true);
  }
  /* A row that leads nowhere any more: the pane says so, or the list where there is no pane beside
     it, and the list is asked for anew. */
  function gone() {
    const queue = one("#queue");
    const pane = one("#case");
    for (const told of all('[data-for="gone"]')) told.remove();
    if (queue && getComputedStyle(pane).display === "none") queue.before(failure("gone"));
    else pane.replaceChildren(failure("gone"));
    if (queue) window.htmx.trigger(queue, "refresh");
  }
  function tellFailed(event) {
    const element = event.detail.elt;
    const status = event.detail.xhr?.status || 0;
    if (element.matches("[data-case], [data-draft]")) return;
    if (element.matches("[data-poll]")) {
      if (!one(".desk-stale")) element.before(failure("list") ?? "");
      return;
    }
    if (status === 404 && !element.closest("form") && one("#case")) return gone();
    const told = failure(status);
    if (!told) return;
    const form = element.closest("form");
    const button = form && all("button", form).pop();
    const place = button?.closest(".say-buttons") ?? button;
    if (place) place.before(told);
    else one("#case")?.prepend(told);
    told.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:sendError", tellFailed);
  document.addEventListener("htmx:timeout", tellFailed);
  document.addEventListener("htmx:responseError", tellFailed);

  /* Once a draft has been kept, sending has to drop it. */
  document.addEventListener("htmx:afterRequest", (event) => {
    const field = event.detail.elt;
    if (!field.matches?.("[data-draft]") || !event.detail.successful) return;
    const begun = one("[name=begun]", field.form ?? document);
    if (begun) begun.value = "1";
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    const element = event.detail.requestConfig.elt;
    if (element.matches("[data-poll]")) one(".desk-stale")?.remove();
    if (status === 304) event.detail.shouldSwap = false;
    const ours = !/^\s*<!doctype/i.test(event.detail.xhr.responseText);
    if (ours && (status === 409 || status === 422 || status === 403)) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
    if (status === 200 && event.detail.target.id === "queue") {
      etag = event.detail.xhr.getResponseHeader("ETag") ?? "";
    }
  });

  /* Keys. */
  const rows = () => all("[data-row] h2 a");
  function step(by) {
    const links = rows();
    if (!links.length) return;
    const now = links.findIndex((link) => link.getAttribute("aria-current") === "true");
    const next = links[Math.min(links.length - 1, Math.max(0, now + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    if (one("#case")) next.click(); // on one's day, Enter opens it
  }
  function act() {
    const form = one(".action-primary") ?? one(".case-actions .action");
    const field = form && (one("input:checked", form) ?? one("input:not([type=hidden]), textarea, select", form) ?? one("button, summary", form));
    field?.focus();
    form?.scrollIntoView({ block: "nearest" });
  }
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    d: act,
    n: () => (one("#say-words") ?? one("#note-words"))?.focus(),
    i: () => {
      const note = one("#note");
      if (!note) return;
      note.open = true;
      one("#note-words").focus();
    },
    w: () => {
      const why = one("[data-why-time]");
      if (why) {
        why.open = !why.open;
        one("summary", why).focus();
      }
    },
    x: () => one("[data-key=x]")?.click(),
    "/": () => one(".desk-search input")?.focus(),
    "?": () => one("#keys")?.showModal?.(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, dialog")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const tab = Number(event.key) >= 1 && one(`.desk-tabs a:nth-child(${Number(event.key)})`);
    const act_ = tab ? () => tab.click() : keys[event.key.toLowerCase()];
    if (!act_) return;
    event.preventDefault();
    act_();
  });

  /* Paper shows what the address names: the first case may lie open beside its list. */
  window.addEventListener("beforeprint", () => {
    const columns = one(".desk-columns");
    if (columns) columns.dataset.print = /\/cases\//.test(location.pathname) ? "case" : "list";
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) window.print();
    copy(event.target.closest?.("[data-copy]"));
  });

  /* Without a clipboard (a page that is not secure) the link lies there chosen, to be copied. */
  async function copy(button) {
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      one("span", button).textContent = button.dataset.copied;
    } catch {}
  }

  /* On a wide screen the first case lies open beside its list; the address stays the list's. */
  document.addEventListener("DOMContentLoaded", () => {
    const first = rows()[0];
    const wide = window.matchMedia("(min-width: 1181px)").matches;
    if (!first || !wide || !window.htmx || !one("#case")) return;
    if (one("#case [data-case], .desk-bulk, .is-single")) return;
    const how = { target: "#case", swap: "innerHTML show:none" };
    window.htmx.ajax("GET", first.getAttribute("href"), how);
  });
})();
