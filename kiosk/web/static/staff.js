/* Keeps the staff page right: asks for the board every two seconds, shows when the hall is away, and is right again by
   itself. Plain forms work without it. Chromium 86. */
(function () {
  "use strict";
  var board = document.getElementById("board");
  if (!board) { return; }
  var PAUSE = 2000, LIMIT = 5000, seen = null, misses = 0, timer = 0;

  function later(pause) { clearTimeout(timer); timer = setTimeout(ask, pause); }

  function show(html) {
    if (html === seen) { return; }
    var first = seen === null;
    seen = html;
    if (first && board.dataset.fresh === "yes") { return; }
    var held = document.activeElement && board.contains(document.activeElement) ? document.activeElement.id : "";
    board.innerHTML = html;
    if (held) {
      var again = document.getElementById(held);
      if (again) { again.focus(); }
    }
  }

  function ask() {
    var stop = new AbortController();
    var limit = setTimeout(function () { stop.abort(); }, LIMIT);
    fetch("/staff/now", { credentials: "same-origin", cache: "no-store", signal: stop.signal }).then(function (answer) {
      if (answer.status === 401 || answer.redirected) { location.assign("/staff/sign-in"); return null; }
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (html) {
      clearTimeout(limit);
      if (html === null) { return; }
      misses = 0;
      document.body.classList.remove("gone");
      show(html);
      later(PAUSE);
    }).catch(function () {
      clearTimeout(limit);
      misses += 1;
      if (misses > 1) { document.body.classList.add("gone"); }
      later(Math.min(PAUSE * misses, 10000));
    });
  }

  document.addEventListener("visibilitychange", function () { if (!document.hidden) { later(0); } });
  window.addEventListener("online", function () { later(0); });
  window.addEventListener("pageshow", function () { later(PAUSE); });
  board.dataset.fresh = "yes";
  later(PAUSE);
})();
