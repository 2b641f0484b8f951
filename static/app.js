/* What a page gains where scripts run; without them every form and link does the same.
   No key is looked at while an input method composes: Vietnamese is typed with them. */
(() => {
  "use strict";
  const script = document.currentScript;
  const on = (name, act) => document.addEventListener(name, act);
  const board = () => document.querySelector(".board");
  const isTyping = (at) => at.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

  // htmx from our own server where the CDN cannot be reached; only after load, or htmx would wait for ever.
  addEventListener("load", () => {
    if (window.htmx) return;
    const copy = document.createElement("script");
    copy.src = script.dataset.htmx;
    document.head.append(copy);
  });

  // --- Messages ---------------------------------------------------------------------------------
  const make = (tag, className, words = "") => Object.assign(document.createElement(tag), { className, textContent: words });
  const say = (words, form) => {
    const box = make("div", "flash wrong gone");
    box.append(make("p", "", words));
    if (form) {
      const again = make("button", "btn", document.body.dataset.wordsAgain);
      again.type = "button";
      again.onclick = () => form.requestSubmit(form.lastButton);
      box.append(again);
      box.setAttribute("role", "alert");
      form.querySelector(":scope > .gone")?.remove();
      form.prepend(box);
    } else document.getElementById("flash")?.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
  };

  // --- Forms: one press, one request; what was typed outlives a server that is gone -----------------
  const holdsText = (form) => [...form.elements].some((e) => e.matches("textarea, input[type=text], input:not([type])") && e.value.trim());
  const answers = () => fetch("/healthz", { method: "HEAD", cache: "no-store" }).then((r) => ![502, 504].includes(r.status), () => false);

  on("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent) return void event.preventDefault(); // the first press is on its way
    hold(form);
    form.lastButton = event.submitter;
    const isSure = form.dataset.sure || !holdsText(form) || form.hasAttribute("hx-post") || event.submitter?.hasAttribute("hx-post");
    delete form.dataset.sure;
    if (isSure) return;
    event.preventDefault();
    const isThere = await answers();
    release(form);
    if (!isThere) return say(document.body.dataset.wordsGone, form);
    form.dataset.sure = "1";
    form.requestSubmit(form.lastButton);
  });
  const hold = (form) => {
    form.dataset.sent = "1";
    setTimeout(() => release(form), 8000); // the server stays the judge: after a while it may be asked again
  };
  const release = (form) => delete form.dataset.sent;
  addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  // --- htmx ---------------------------------------------------------------------------------------
  on("htmx:configRequest", ({ target, detail }) => {
    if (!target.matches("[data-due]")) return;
    detail.parameters.phrase = target.value;
    detail.parameters.name = target.name;
  });
  on("htmx:beforeSwap", (event) => {
    if (event.detail.requestConfig.elt.matches(".board")) event.detail.shouldSwap = true; // a refused move says why
    const path = new URL(event.detail.xhr.responseURL || location.href).pathname;
    if (!/^\/(sign-in|setup)$/.test(path)) return;
    event.preventDefault(); // the sign-in has ended: its page is no part of this one
    location.assign(event.detail.xhr.responseURL);
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) on(name, ({ target }) => {
    const form = target.closest("form");
    if (form?.method === "post") say(document.body.dataset.wordsGone, form.closest(".card, .board") ? null : form);
  });
  on("htmx:afterRequest", ({ target }) => target.closest("form") && release(target.closest("form")));

  on("htmx:afterSwap", ({ target }) => {
    const more = target.matches(".echo") && target.closest("form")?.querySelector("[data-repeating]");
    if (more) more.hidden = more.disabled = !target.querySelector("[data-kind=recurring]");
  });

  // --- The board: dragging is pressing the button of the column ------------------------------------
  const moveTo = (card, column) => card.querySelector(`.card-moves [data-target-state="${column.dataset.state}"]`);
  const lift = () => document.querySelectorAll(".board .card:not([draggable])").forEach((card) => {
    card.draggable = true;
    card.querySelector("a").draggable = false; // the slip is what one holds, not the address on it
  });
  for (const name of ["htmx:afterSettle", "htmx:oobAfterSwap"]) on(name, () => lift());
  let held = null;
  // By its place, not by what lies under the pointer: a short column ends where the board still scrolls.
  const columnAt = (event) => event.target.closest?.(".board") && [...document.querySelectorAll(".column")].find((column) => {
    const box = column.getBoundingClientRect();
    return box.left <= event.clientX && event.clientX < box.right;
  });
  const mark = (column) => document.querySelectorAll(".column").forEach((c) => {
    const isOver = held && c === column && c !== held.closest(".column");
    c.classList.toggle("open-to", Boolean(isOver && moveTo(held, c)));
    c.classList.toggle("shut-to", Boolean(isOver && !moveTo(held, c)));
  });
  on("dragstart", (event) => {
    held = event.target.closest?.(".board .card");
    if (!held) return;
    event.dataTransfer.setData("text/plain", held.id);
    event.dataTransfer.effectAllowed = "move";
    held.classList.add("dragging");
  });
  on("dragend", () => { held?.classList.remove("dragging"); held = null; mark(null); });
  on("dragover", (event) => {
    const column = held && columnAt(event);
    if (!column) return;
    event.preventDefault(); // a refused drop is answered in words, so every column takes it
    mark(column);
  });
  on("drop", (event) => {
    const column = held && columnAt(event);
    if (!column) return;
    event.preventDefault();
    const move = moveTo(held, column);
    if (move) move.click();
    else if (column !== held.closest(".column")) say(column.dataset.refusal || board().dataset.wordsRefused);
  });

  // --- The palette: Ctrl-K or "/" opens it, arrows go through what was found ------------------------
  const palette = () => document.getElementById("palette");
  const openPalette = (event) => {
    const sheet = palette();
    if (!sheet?.showPopover) return;
    event.preventDefault();
    if (!sheet.matches(":popover-open")) sheet.showPopover();
    document.getElementById("palette-q").select();
    document.getElementById("palette-q").focus();
  };
  on("click", (event) => { if (event.target.closest("[data-palette]") && !event.ctrlKey && !event.metaKey) openPalette(event); });
  on("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "k") return openPalette(event);
    const sheet = event.target.closest("#palette");
    if (!sheet || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const stops = [document.getElementById("palette-q"), ...sheet.querySelectorAll("#palette-found a")];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });

  // --- Keys: only outside fields, only without a modifier, never while composing --------------------
  const ways = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const step = (card, [across, down]) => {
    const columns = [...document.querySelectorAll(".board .column[open]")].map((c) => [...c.querySelectorAll(".card-title a")]).filter((c) => c.length);
    const link = card.querySelector(".card-title a"), here = columns.findIndex((c) => c.includes(link));
    const column = columns[here + across] ?? [], at = columns[here]?.indexOf(link);
    return across ? column[Math.min(at, column.length - 1)] : column[at + down];
  };
  on("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") return shut(event.target);
    if (isTyping(event.target)) return;
    if (event.key === "/" && document.body.matches(".no-keys")) return; // switched off in one's own account
    if (event.key === "/" && !board()) return openPalette(event);
    if (!board()) return;
    const card = event.target.closest(".card"), moves = card?.querySelector(".card-moves");
    if (event.key === "/") go(event, document.querySelector("[data-search]"));
    else if (card && event.key in ways) go(event, step(card, ways[event.key]));
    else if (moves && event.key === "m") {
      moves.open = true;
      go(event, moves.querySelector("button, a"));
    }
  });
  const go = (event, target) => { if (target) { event.preventDefault(); target.focus(); } };
  const menus = "details[open]:is(.card-moves, .more, .prov)";
  const shut = (at, menu = at.closest(menus)) => {
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  };
  // One open menu at a time; a press elsewhere closes it.
  on("click", (event) => document.querySelectorAll(menus).forEach((menu) => { menu.open = menu.contains(event.target); }));
  lift();
})();
