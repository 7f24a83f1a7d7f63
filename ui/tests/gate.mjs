// The gate: every page, every check. As a module: `await gate({ base, pages, login })`. As a command:
//   node gate.mjs --base http://127.0.0.1:8899 --pages pages.json [--login account:password] [--only axe,kbd] [--shots DIR]
// `pages` is a list of paths, or of { path, status?, only?: ['axe'], brief?: true, skip?: ['kbd'], as?: 'account:password' }.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, signIn, visitor } from './browser.mjs';
import { CHECKS } from './checks.mjs';

/** Pages looked at side by side. */
const AT_ONCE = 3;

const account = (text) => {
  const [name, ...rest] = text.split(':');
  return { account: name, password: rest.join(':') };
};

/** A picture of the whole page at a size; sticky bars stand where they stand on a real screen. */
export const shot = async (visit, at, file, { width = 1440, size, script = true } = {}) => {
  const { page, close } = await visit(at, { width, height: width < 700 ? 844 : 900, size, script });
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, 8000) });
  fs.mkdirSync(path.dirname(file), { recursive: true });
  await page.screenshot({ path: file });
  await close();
};

/**
 * Runs the checks on the pages and returns what is wrong: [{ path, check, wrong: [text] }], and notes.
 * `login` is { account, password } or a list of cookies; a page may name another account in `as`.
 */
export const gate = async ({ base, pages, login, only = Object.keys(CHECKS), shots, log = console.log }) => {
  const browser = await launch();
  const failures = [];
  const notes = [];
  const signedIn = new Map();
  const cookiesOf = async (who) => {
    if (!who) return [];
    if (Array.isArray(who)) return who;
    const key = JSON.stringify(who);
    if (!signedIn.has(key)) signedIn.set(key, signIn(browser, base, who));
    return signedIn.get(key);
  };
  const waiting = [...pages];
  const worker = async () => {
    while (waiting.length > 0) {
      const entry = waiting.shift();
      const page = typeof entry === 'string' ? { path: entry } : entry;
      const cookies = await cookiesOf(page.as ? account(page.as) : page.public ? null : login);
      const visit = visitor(browser, base, cookies);
      const results = [];
      for (const check of (page.only || only).filter((name) => !(page.skip || []).includes(name))) {
        const wrong = await CHECKS[check]({ ...page, visit, base, cookies, note: (text) => notes.push(text) });
        if (wrong.length) failures.push({ path: page.path, check, wrong });
        results.push(`${check} ${wrong.length}`);
      }
      log(`${page.path.padEnd(28)} ${results.join('  ')}`);
      if (shots) {
        const name = page.path.replace(/[^a-z0-9]+/gi, '-').replace(/^-|-$/g, '') || 'front';
        await shot(visit, page.path, path.join(shots, `${name}-1440.png`));
        await shot(visit, page.path, path.join(shots, `${name}-390.png`), { width: 390 });
        await shot(visit, page.path, path.join(shots, `${name}-390-xl.png`), { width: 390, size: 'xl' });
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, os.cpus().length) }, worker));
  } finally {
    await browser.close();
  }
  return { failures, notes };
};

const option = (name) => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};

const main = async () => {
  const base = option('base');
  const list = option('pages');
  if (!base || !list) {
    console.error('usage: node gate.mjs --base URL --pages FILE.json|/a,/b [--login account:password] [--only axe,kbd,over,nojs,html] [--shots DIR]');
    process.exit(2);
  }
  const pages = list.endsWith('.json') ? JSON.parse(fs.readFileSync(list, 'utf8')) : list.split(',');
  const login = option('login') ? account(option('login')) : undefined;
  const { failures, notes } = await gate({ base, pages, login, only: option('only')?.split(','), shots: option('shots') });
  for (const { path: at, check, wrong } of failures) {
    console.log(`\n${at} ${check}`);
    for (const line of new Set(wrong)) console.log(`  ${line}`);
  }
  for (const line of notes) console.log(`note: ${line}`);
  console.log(failures.length ? `\n${failures.length} checks failed` : '\nall checks passed');
  process.exit(failures.length ? 1 : 0);
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
