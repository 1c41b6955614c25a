/* Keeps an open page right: hears from the hall when to look again, shows when the hall is away and since when, and is
   right again by itself. Presses buttons by key and sends their forms without leaving the page; the same press is sent
   again under the same key when no answer came. Plain forms and links work without it. Chromium 86. */
(function () {
  "use strict";
  var live = document.getElementById("live");
  if (!live || !window.EventSource) { return; }
  var LOOK_MS = 20000, LIMIT_MS = 6000, SILENT_MS = 13000, QUIET_MS = 600, TRIES = 4, GAP_MS = 120;
  var KEYS = /(name="key" value=")[^"]*/g;
  var keyed = live.hasAttribute("data-keys");
  var seen = {}, goneSince = null, heard = Date.now(), quietUntil = 0, pressing = false, presses = 0, looking = false, again = false;
  var lookTimer = 0, lookedAt = 0, source = null, wall = null, saidTimer = 0;

  function parts(root) { return Array.prototype.slice.call(root.querySelectorAll("[data-part]")); }
  function bare(node) { return node.outerHTML.replace(KEYS, "$1"); }
  function serving() { var main = live.querySelector("[data-serving]"); return main ? main.getAttribute("data-serving") : null; }
  function stay() {
    // What is shown from now on is the window just opened, not the question which one to open.
    var main = live.querySelector("[data-window]"), window_ = main && main.getAttribute("data-window");
    if (window_) { history.replaceState(null, "", location.pathname + "?window=" + encodeURIComponent(window_)); }
  }
  function nowUrl() { return live.getAttribute("data-now") + location.search; }
  function two(n) { return (n < 10 ? "0" : "") + n; }

  /* ---- the hall's own clock, whatever this machine's says ---- */

  function setClock() {
    var time = live.querySelector("time[data-clock]");
    var read = time && /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/.exec(time.getAttribute("datetime"));
    if (!read) { return; }
    wall = { base: Date.UTC(+read[1], read[2] - 1, +read[3], +read[4], +read[5], +read[6]), at: performance.now() };
  }

  function clock() { return wall ? new Date(wall.base + performance.now() - wall.at) : null; }

  function tick() {
    var now = clock(), shown = live.querySelector("time[data-clock] b");
    if (now && shown) {
      var text = now.getUTCHours() + ":" + two(now.getUTCMinutes());
      if (shown.textContent !== text) { shown.textContent = text; }
    }
    if (goneSince === null && source && Date.now() - heard > SILENT_MS) { connect(); gone(); }
    if (goneSince !== null) { tellGone(); }
  }

  /* ---- away and back ---- */

  function gone() {
    if (goneSince !== null) { return; }
    goneSince = { at: clock(), ms: performance.now() };
    document.body.classList.add("gone");
    var away = document.getElementById("away");
    if (away) { away.hidden = false; }
    tellGone();
  }

  function tellGone() {
    var line = document.getElementById("away-since");
    if (!line) { return; }
    var s = Math.round((performance.now() - goneSince.ms) / 1000);
    var at = goneSince.at ? goneSince.at.getUTCHours() + ":" + two(goneSince.at.getUTCMinutes()) + " 起" : "";
    if (document.documentElement.lang === "en") { line.textContent = "No connection for " + s + " s"; return; }
    line.textContent = at + "和大厅断开了（" + (s < 60 ? s + " 秒" : Math.floor(s / 60) + " 分钟") + "）";
  }

  function back() {
    heard = Date.now();
    if (goneSince === null) { return; }
    goneSince = null;
    document.body.classList.remove("gone");
    var away = document.getElementById("away");
    if (away) { away.hidden = true; }
  }

  /* ---- showing what is so, without touching what somebody is typing ---- */

  function show(html, pressed) {
    var box = document.createElement("template");
    box.innerHTML = html;
    var before = serving(), fresh = parts(box.content), old = parts(live);
    var same = fresh.length === old.length && fresh.every(function (part, i) { return part.id === old[i].id; });
    var open = {}, typed = {}, active = document.activeElement, focused = active && live.contains(active) ? active.id : "";
    var byKeyboard = focused && active.matches(":focus-visible");
    var range = focused && active.selectionStart !== undefined && active.type !== "radio" && active.type !== "checkbox" ?
      [active.selectionStart, active.selectionEnd] : null;
    if (!pressed) {
      live.querySelectorAll("details[open]").forEach(function (d) { open[d.id] = true; });
      live.querySelectorAll("input[id], select[id], textarea[id]").forEach(function (field) {
        if (field.type === "radio" || field.type === "checkbox") {
          if (field.checked !== field.defaultChecked) { typed[field.id] = field.checked; }
        } else if (field.tagName === "SELECT" ? field.selectedIndex > 0 : field.value !== field.defaultValue) {
          typed[field.id] = field.value;
        }
      });
    }
    if (same) {
      fresh.forEach(function (part, i) {
        if (part.id === "said" && !pressed) { return; }
        var text = bare(part);
        if (!pressed && seen[part.id] === text) { renew(part, old[i]); return; }
        seen[part.id] = text;
        old[i].replaceWith(part);
      });
      var main = box.content.querySelector("[data-serving]"), mine = live.querySelector("[data-serving]");
      if (main && mine) { mine.setAttribute("data-serving", main.getAttribute("data-serving")); }
    } else {
      seen = {};
      fresh.forEach(function (part) { seen[part.id] = bare(part); });
      live.replaceChildren ? live.replaceChildren(box.content) : (live.innerHTML = "", live.appendChild(box.content));
    }
    Object.keys(open).forEach(function (id) { var d = id && document.getElementById(id); if (d) { d.open = true; } });
    Object.keys(typed).forEach(function (id) {
      var field = document.getElementById(id);
      if (!field) { return; }
      if (typeof typed[id] === "boolean") { field.checked = typed[id]; } else { field.value = typed[id]; }
    });
    if (focused && document.activeElement !== active && (byKeyboard || range)) {
      var next = document.getElementById(focused);
      if (next && !(pressed && next.tagName === "INPUT")) {
        next.focus();
        if (range && next.setSelectionRange) { try { next.setSelectionRange(range[0], range[1]); } catch (error) { /* a kind without */ } }
      }
    }
    if (serving() !== before) { quietUntil = performance.now() + QUIET_MS; }
    setClock();
    tick();
    if (pressed) { forgetSaid(); }
  }

  function renew(fresh, old) {
    fresh.querySelectorAll("form[id] input[name=key]").forEach(function (key) {
      var form = old.querySelector("#" + CSS.escape(key.form ? key.form.id : key.closest("form").id));
      var mine = form && form.querySelector("input[name=key]");
      if (mine) { mine.value = key.value; }
    });
  }

  function say(text) {
    var line = document.getElementById("said");
    if (!line) { return; }
    line.className = "said care";
    line.textContent = "";
    var bang = document.createElement("span"), p = document.createElement("p");
    bang.className = "bang"; bang.textContent = "!"; bang.setAttribute("aria-hidden", "true"); p.textContent = text;
    line.appendChild(bang); line.appendChild(p);
    forgetSaid();
  }

  function forgetSaid() {
    clearTimeout(saidTimer);
    saidTimer = setTimeout(function () {
      var line = document.getElementById("said");
      if (line) { line.className = "said"; line.textContent = ""; }
    }, document.querySelector("#said.care") ? 12000 : 5000);
  }

  /* ---- looking ---- */

  function get(url, options) {
    var stop = new AbortController(), limit = setTimeout(function () { stop.abort(); }, LIMIT_MS);
    options.signal = stop.signal;
    options.credentials = "same-origin";
    options.cache = "no-store";
    return fetch(url, options).then(function (answer) {
      if (answer.status === 401 || (answer.redirected && /sign-in|password/.test(answer.url))) { location.assign(answer.url && answer.redirected ? answer.url : (live.getAttribute("data-root") || "/staff") + "/sign-in"); throw new Error("out"); }
      if (answer.status === 403 || answer.status === 413) { location.reload(); throw new Error("reload"); }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).finally(function () { clearTimeout(limit); });
  }

  function look() {
    if (!live.hasAttribute("data-now")) { return; }
    if (looking || pressing) { again = true; return; }
    var wait = lookedAt + GAP_MS - performance.now();
    if (wait > 0) { clearTimeout(lookTimer); lookTimer = setTimeout(look, wait); return; }
    looking = true;
    again = false;
    var begun = presses;
    lookedAt = performance.now();
    get(nowUrl(), {}).then(function (html) {
      // What was asked for before a press may be older than the press.
      if (!pressing && begun === presses) { back(); show(html, false); } else { again = true; }
    }).catch(function () { gone(); }).then(function () {
      looking = false;
      clearTimeout(lookTimer);
      lookTimer = setTimeout(look, again ? GAP_MS : goneSince === null ? LOOK_MS : 1500);
    });
  }

  function connect() {
    if (!live.hasAttribute("data-stream")) { look(); return; }  // nobody tells: it looks by itself, a page of forms never
    if (source) { source.close(); }
    source = new EventSource(live.getAttribute("data-stream"));
    source.addEventListener("hello", function () { heard = Date.now(); look(); });
    source.addEventListener("change", function () { heard = Date.now(); look(); });
    source.addEventListener("beat", function () { heard = Date.now(); if (goneSince !== null) { look(); } });
    source.addEventListener("over", function () { source.close(); location.reload(); });
    source.onerror = function () {
      gone();
      if (source.readyState === EventSource.CLOSED) { setTimeout(connect, 1500); }
      look();
    };
  }

  /* ---- pressing ---- */

  function press(form, submitter) {
    if (pressing) { return; }
    var body = new URLSearchParams(new FormData(form));
    if (submitter && submitter.name) { body.append(submitter.name, submitter.value); }
    var button = submitter || form.querySelector("button");
    pressing = true;
    presses += 1;
    document.body.classList.add("pressing");
    if (button) { button.classList.add("pressed"); }
    var tries = 0;
    function attempt() {
      tries += 1;
      return get(form.getAttribute("action"), { method: "POST", body: body, headers: { "X-Live": "1" } }).catch(function (error) {
        if (error.message === "out" || error.message === "reload") { throw error; }
        gone();
        if (tries >= TRIES) { throw error; }
        return new Promise(function (later) { setTimeout(later, 700 * tries); }).then(attempt);
      });
    }
    attempt().then(function (html) {
      pressing = false;
      back();
      show(html, true);
      if (form.hasAttribute("data-opens")) { stay(); }
    }).catch(function () {
      pressing = false;
      if (button) { button.classList.remove("pressed"); }
      say("刚才按的没有送到。连上以后请看一眼再按。");
    }).then(function () {
      document.body.classList.remove("pressing");
      if (again) { look(); }
    });
  }

  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (!live.contains(form) || !live.hasAttribute("data-now") || form.method !== "post" || form.hasAttribute("data-plain")) { return; }
    event.preventDefault();
    if (document.activeElement && document.activeElement.tagName === "BUTTON" &&
        !document.activeElement.matches(":focus-visible")) { document.activeElement.blur(); }
    press(form, event.submitter);
  });

  function typing(node) {
    return node && (/^(INPUT|SELECT|TEXTAREA)$/.test(node.tagName) || node.isContentEditable);
  }

  function step(node, event) {
    // Up and down a list of rows.
    var rows = Array.prototype.slice.call(live.querySelectorAll("[data-row]")), at = rows.indexOf(node);
    if (!rows.length) { return; }
    event.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, at + (event.code === "ArrowDown" ? 1 : at < 0 ? 1 : -1)))].focus();
  }

  function shut(panel) {
    panel.open = false;
    if (panel.contains(document.activeElement)) { document.activeElement.blur(); }
  }

  document.addEventListener("keydown", function (event) {
    var node = document.activeElement;
    if (keyed && event.ctrlKey && event.code === "Enter" && node && node.tagName === "TEXTAREA" && node.form && !event.repeat) {
      event.preventDefault();
      node.form.querySelector("button").click();
      return;
    }
    if (!keyed || event.ctrlKey || event.altKey || event.metaKey) { return; }
    if (event.code === "Escape") {
      live.querySelectorAll("details.panel[open]").forEach(shut);
      if (typing(node)) { node.blur(); }
      return;
    }
    // A choice not yet made is no typing: letters and figures are keys there, but for a panel's own.
    var choosing = typing(node) && /^(radio|checkbox)$/.test(node.type) && /^(Key|Digit)/.test(event.code) && !node.closest("details.panel");
    if (typing(node) && !choosing) { return; }
    if (event.code === "ArrowDown" || event.code === "ArrowUp") { step(node, event); return; }
    var code = event.code === "NumpadEnter" ? "Enter" : event.code.replace("Numpad", "Digit");
    var native = node && /^(BUTTON|A|SUMMARY)$/.test(node.tagName) && node.matches(":focus-visible");
    if (native && (code === "Enter" || (code === "Space" && node.tagName !== "A"))) { return; }
    var target = live.querySelector('[data-key="' + code + '"]');
    if (!target) { if (code === "Space" && keyed) { event.preventDefault(); } return; }
    event.preventDefault();
    if (event.repeat || pressing) { return; }
    if (/Enter|Space/.test(code) && performance.now() < quietUntil) { return; }
    if (/^(TEXTAREA|SELECT)$/.test(target.tagName) || (target.tagName === "INPUT" && target.type !== "radio")) {
      target.focus();
      if (target.select) { target.select(); }
      return;
    }
    target.click();
    if (target.tagName === "SUMMARY" && target.parentNode.open) {
      var first = target.parentNode.querySelector("input:not([type=hidden]):checked, select, input:not([type=hidden]), textarea");
      if (first) { first.focus(); }
    }
  });

  document.addEventListener("click", function (event) {
    live.querySelectorAll("details.panel[open]").forEach(function (panel) { if (!panel.contains(event.target)) { shut(panel); } });
    var node = document.activeElement;
    if (node && node.tagName === "SUMMARY" && !node.matches(":focus-visible")) { node.blur(); }
  });
  document.addEventListener("visibilitychange", function () { if (!document.hidden) { look(); } });
  window.addEventListener("online", function () { connect(); look(); });
  window.addEventListener("offline", gone);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { connect(); look(); } });

  parts(live).forEach(function (part) { seen[part.id] = bare(part); });
  setClock();
  setInterval(tick, 1000);
  if (document.getElementById("said") && document.getElementById("said").textContent) { forgetSaid(); }
  connect();
})();
