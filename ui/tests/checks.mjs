// What each page must pass. A check takes {visit, path, base, cookies} and returns what is wrong, as lines of text.
import AxeBuilder from '@axe-core/playwright';
import { HtmlValidate } from 'html-validate';
import zlib from 'node:zlib';

// A desk, and a phone that is turned into two others.
const SIZES = [[[1440, 900]], [[390, 844], [412, 823], [360, 640]]];
const TAGS = ['wcag2a', 'wcag2aa', 'wcag2aaa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const HEAVY = 30 * 1024;
const STOPS = 250;

/** What axe finds on an open page as it stands, as lines of text. */
export const found = async (page) => {
  const { violations } = await new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).withTags(TAGS).setLegacyMode(true).analyze();
  return violations.flatMap((rule) => rule.nodes.slice(0, 3).map((node) => {
    const why = [...node.any, ...node.all, ...node.none][0];
    return `${rule.id} (${rule.impact}) ${node.target.join(' ')}: ${why ? why.message.slice(0, 160) : ''}`;
  }));
};

/** axe finds nothing at four sizes (brief: at two), and the console stays silent under the content policy. */
export const axe = async ({ visit, path, status = 200, brief = false }) => {
  const wrong = [];
  for (const sizes of SIZES.map((all) => (brief ? all.slice(0, 1) : all))) {
    const [[width, height]] = sizes;
    const { page, said, status: got, close } = await visit(path, { width, height });
    if (got !== status) wrong.push(`answered ${got} instead of ${status}`);
    for (const [wide, high] of sizes) {
      await page.setViewportSize({ width: wide, height: high });
      wrong.push(...(await found(page)).map((line) => `${wide}x${high} ${line}`));
    }
    // A page that is meant to answer 4xx says so on the console as well.
    const silent = said.filter((line) => status < 400 || !line.includes(`status of ${status}`));
    wrong.push(...silent.map((line) => `console ${line.slice(0, 200)}`));
    await close();
  }
  return wrong;
};

/** A walk by Tab: each stop is seen, has a ring, is covered by nothing, and the walk comes to an end. */
export const kbd = async ({ visit, path, status = 200 }) => {
  const wrong = [];
  for (const [width, height] of [[1440, 900], [390, 844]]) {
    const { page, close } = await visit(path, { width, height });
    const links = await page.evaluate(() => document.querySelectorAll('a[href],button:not([disabled]),input:not([type=hidden]),select,textarea,summary').length);
    const seen = new Set();
    let last = -1;
    let ended = false;
    for (let step = 0; step < STOPS + links; step += 1) {
      await page.keyboard.press('Tab');
      const stop = await page.evaluate(() => {
        const at = document.activeElement;
        if (!at || at === document.body || at === document.documentElement) return null;
        window.zxStops = window.zxStops || new Map();
        if (!window.zxStops.has(at)) window.zxStops.set(at, window.zxStops.size);
        const box = at.getBoundingClientRect();
        const style = getComputedStyle(at);
        const search = at.closest('.search');
        const shape = at.closest('svg') ? at.querySelector('.a') : null;
        // A line that breaks has several boxes; the first one is looked at.
        const first = at.getClientRects()[0] || box;
        // What is larger than the window is looked at where it is seen.
        const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
        const hit = document.elementFromPoint(middle(first.left, first.right, window.innerWidth), middle(first.top, first.bottom, window.innerHeight));
        return {
          number: window.zxStops.get(at),
          name: (at.textContent || at.name || at.id || '').trim().slice(0, 16),
          ring: style.outlineStyle !== 'none' || Boolean(search && getComputedStyle(search).outlineStyle !== 'none')
            || Boolean(shape && parseFloat(getComputedStyle(shape).strokeWidth) > 4),
          seen: box.width > 0 && box.height > 0 && first.y >= -1 && first.y < window.innerHeight && first.x < window.innerWidth,
          covered: !(hit && (at.contains(hit) || hit.contains(at) || (shape && hit.closest('svg') === at.closest('svg')))),
        };
      });
      if (!stop) { ended = true; break; }
      // A date field has several stops of its own.
      if (stop.number === last) continue;
      last = stop.number;
      if (seen.has(stop.number)) { ended = stop.number === 0; break; }
      seen.add(stop.number);
      if (!stop.ring) wrong.push(`${width}: no focus ring on “${stop.name}”`);
      if (!stop.seen) wrong.push(`${width}: focus is out of sight on “${stop.name}”`);
      if (stop.covered) wrong.push(`${width}: “${stop.name}” is covered by something`);
    }
    if (!ended) wrong.push(`${width}: the walk does not end (${seen.size} stops)`);
    if (status < 400 && seen.size < 2) wrong.push(`${width}: only ${seen.size} stops`);
    await close();
  }
  return wrong;
};

/** What makes the page wider than the window; `null` when nothing does. */
const tooWide = () => {
  const wide = document.documentElement.scrollWidth;
  if (wide <= window.innerWidth) return null;
  const guilty = [...document.querySelectorAll('body *')]
    .filter((one) => one.getBoundingClientRect().right > window.innerWidth + 1 && !one.closest('.leaflet-pane,.vh,svg *,.tbl-wrap,.chart-box,.paper-wrap'))
    .slice(-3)
    .map((one) => `${one.tagName.toLowerCase()}.${one.getAttribute('class') || ''} ${Math.round(one.getBoundingClientRect().right)}`);
  return `${wide} wide: ${guilty.join(', ')}`;
};

// Type, whether on a phone, and the widths at which it is looked at.
const WIDTHS = [[undefined, 320, [320]], [undefined, 1440, [768, 1100, 1280, 1440]], ['l', 390, [390]], ['xl', 390, [390]], ['xxl', 390, [390]], ['l', 1280, [1280]], ['xl', 1280, [1280]]];

const WIDTHS_BRIEF = [[undefined, 320, [320]], ['xl', 390, [390]]];

/** No sideways scroll: at 320 px, at in-between widths, and with large type. */
export const over = async ({ visit, path, brief = false }) => {
  const wrong = [];
  for (const [size, first, widths] of brief ? WIDTHS_BRIEF : WIDTHS) {
    const { page, close } = await visit(path, { width: first, height: 800, size });
    for (const width of widths) {
      await page.setViewportSize({ width, height: 800 });
      const found = await page.evaluate(tooWide);
      if (found) wrong.push(`${width}${size ? ` with type ${size}` : ''}: ${found}`);
    }
    await close();
  }
  return wrong;
};

/** Without scripts: the page is whole, forms can be sent, and nothing depends on an enhancement. */
export const nojs = async ({ visit, path }) => {
  const wrong = [];
  const [off, on] = [await visit(path, { script: false }), await visit(path)];
  const read = () => {
    const main = document.querySelector('#main');
    const forms = [...document.forms];
    // A map with its island writes names that the picture under it has as well.
    const drawn = (root) => [...root.querySelectorAll('.map-box')].reduce((sum, box) => sum + (box.innerText || '').replace(/\s+/g, '').length, 0);
    const bare = (name) => (one) => !one.closest(`[${name}]`);
    return {
      h1: document.querySelectorAll('h1').length,
      text: main ? main.innerText.replace(/\s+/g, '').length - drawn(main) : 0,
      mute: forms.filter((form) => !form.querySelector('button:not([type=button]),input[type=submit]')).length,
      away: forms.filter((form) => !form.getAttribute('action')).length,
      enhanced: [...document.querySelectorAll('[hx-get],[hx-post]')].filter((one) => !one.matches('a[href],form[action]')).filter(bare('data-tile')).length,
      dead: [...document.querySelectorAll('a')].filter((link) => !link.hasAttribute('href') || link.getAttribute('href') === '#').length,
      buttons: [...document.querySelectorAll('button[type=button]')].filter((button) => button.offsetParent && !button.closest('.live')).length,
    };
  };
  // With scripts off evaluate() still works: it runs in the tool's own world.
  const [plain, full] = [await off.page.evaluate(read), await on.page.evaluate(read)];
  if (plain.h1 !== 1) wrong.push(`${plain.h1} headings of the first rank`);
  if (plain.text < full.text * 0.8) wrong.push(`says ${plain.text} letters without scripts, ${full.text} with`);
  if (plain.mute) wrong.push(`${plain.mute} forms without a button`);
  if (plain.away) wrong.push(`${plain.away} forms without an address`);
  if (plain.enhanced) wrong.push(`${plain.enhanced} parts that only work enhanced`);
  if (plain.dead) wrong.push(`${plain.dead} links that lead nowhere`);
  if (plain.buttons) wrong.push(`${plain.buttons} buttons that do nothing without scripts`);
  await off.close();
  await on.close();
  return wrong;
};

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: { 'no-redundant-role': 'off', 'doctype-style': 'off', 'no-inline-style': 'error', 'no-trailing-whitespace': 'off', 'long-title': 'off', 'void-style': 'off', 'tel-non-breaking': 'off' },
});

/** The text the server sends is valid, has no inline style or script, and is light. */
export const html = async ({ base, path, cookies, note }) => {
  const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  const answer = await fetch(base + path, { headers: { accept: 'text/html', ...(cookie ? { cookie } : {}) }, redirect: 'manual' });
  const text = await answer.text();
  const report = await validator.validateString(text, path);
  const wrong = report.results.flatMap((result) => result.messages.map((one) => `line ${one.line}: ${one.ruleId} ${one.message}`));
  const weight = zlib.gzipSync(text).length;
  if (weight > HEAVY) note(`${path} is ${Math.round(weight / 1024)} KB compressed; 30 is the aim`);
  if (!answer.headers.get('content-security-policy')) wrong.push('no content policy');
  return wrong;
};

export const CHECKS = { axe, kbd, over, nojs, html };
