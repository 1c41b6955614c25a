"""What a page must be whoever looks at it: nothing hangs out, everything has a name, text stands out from its ground,
the focus shows and goes down the page as one reads."""

from __future__ import annotations

from playwright.sync_api import Page


def nothing_hangs_out(page: Page) -> None:
    out = page.evaluate("""[...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))""")
    fits = page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert fits, (page.url, out)


def well_made(page: Page) -> None:
    """Every field and button has a name, every text stands out from its ground, focus goes as one reads and shows."""
    nothing_hangs_out(page)
    nameless, pale = page.evaluate(NAMELESS), page.evaluate(PALE)
    assert not nameless, (page.url, nameless)
    assert not pale, (page.url, pale)
    seen: list[int] = []
    for _ in range(6):
        page.keyboard.press("Tab")
        where = page.evaluate(FOCUS)
        if where is None:
            break
        assert where["shown"], f"{where['name']} has the focus and does not show it"
        seen.append(where["part"])
    assert seen == sorted(seen), (page.url, "the focus jumps back up the page", seen)


NAMELESS = """() => [...document.querySelectorAll(
    'button, input:not([type=hidden]), select, textarea, summary, a[href]')]
  .filter(e => e.offsetParent !== null || e.tagName === 'SUMMARY')
  .filter(e => !(e.getAttribute('aria-label') || (e.labels && e.labels.length && e.labels[0].textContent.trim())
               || (!e.matches('input, select, textarea') && e.textContent.trim())))
  .map(e => e.outerHTML.slice(0, 90))"""

# WCAG 2.1 contrast of every visible text against the nearest ground; 7:1, large type (24 px, bold 18.7 px) 4.5:1.
PALE = """() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const bad = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.getClientRects().length) continue;
    if (e.closest('[hidden], [disabled], option, script, noscript, .unseen')) continue;
    if (e.closest('label') && e.closest('label').querySelector('[disabled]')) continue;
    const style = getComputedStyle(e);
    if (style.visibility === 'hidden') continue;
    let ground = [250, 246, 238];
    for (let up = e; up; up = up.parentElement) {
      const c = parse(getComputedStyle(up).backgroundColor);
      if (c.length < 4 || c[3] > 0) { ground = c; break; }
    }
    const a = light(parse(style.color)), b = light(ground);
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.6 && +style.fontWeight >= 700);
    if (ratio < (large ? 4.5 : 7)) bad.push(`${walk.currentNode.textContent.trim()} ${ratio.toFixed(1)}`);
  }
  return bad;
}"""

FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const style = getComputedStyle(e);
  const parts = [...document.querySelectorAll('header, main > *, .left, .side, section, footer')];
  const part = Math.max(...parts.map((p, i) => p.contains(e) ? i : -1));
  return {name: e.outerHTML.slice(0, 60), part: part,
          shown: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2};
}"""
