// What the walks share: a running demonstration on each database, one browser, pages signed in at a desk.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { launch, signIn } from '../browser.mjs';
import { DATABASES, PASSWORD, start } from './server.mjs';

const MINUTES = 60_000;
/** What a page waits for at most: the machine may be busy with other tests. */
const PATIENCE = 30_000;

/** What the browser itself says about an answer that was meant to be a refusal. */
const REFUSED = /status of 4\d\d/;

/**
 * A story on each database. `tell(house)` registers its steps; they share one demonstration and go on from each other, so
 * after one that failed the others are left out; a `check` may fail alone. The last, its own, is that nothing went wrong
 * unseen.
 * `house.at(login)` signs in and gives a page of its own; `house.open(path)` gives one for everybody.
 */
export const story = (title, { databases = DATABASES, ...options }, tell) => {
  for (const database of databases) {
    describe(`${title} (${database})`, { timeout: 20 * MINUTES }, () => {
      const house = { database };
      before(async () => {
        house.server = await start({ ...options, database });
        house.base = house.server.base;
        house.browser = await launch();
        house.contexts = [];
        house.said = [];
        house.cookies = new Map();
      });
      after(async () => {
        if (house.browser) await house.browser.close();
        if (house.server) await house.server.stop();
      });
      house.open = (path, wishes) => open(house, path, wishes);
      house.at = async (login, wishes = {}) => {
        if (!house.cookies.has(login)) house.cookies.set(login, await signIn(house.browser, house.base, { account: login, password: PASSWORD }));
        return open(house, wishes.path || '/home', { ...wishes, cookies: house.cookies.get(login) });
      };
      house.sql = (text) => behind(house, text);
      let broken = false;
      house.check = (name, walk) => test(name, async (context) => {
        if (broken) context.skip('an earlier step failed');
        else await walk(context);
      });
      house.step = (name, walk) => test(name, async (context) => {
        if (broken) {
          context.skip('an earlier step failed');
          return;
        }
        try {
          await walk(context);
        } catch (error) {
          broken = true;
          throw error;
        }
      });
      tell(house);
      house.step('nothing went wrong on the way', () => quiet(house));
    });
  }
};

const open = async (house, path, { cookies = [], width = 1440, height = 900, script = true } = {}) => {
  const phone = width < 700;
  const context = await house.browser.newContext({
    baseURL: house.base, viewport: { width, height }, isMobile: phone, hasTouch: phone,
    locale: 'zh-CN', timezoneId: 'Asia/Shanghai', javaScriptEnabled: script, acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE);
  await context.addCookies(cookies);
  const page = await context.newPage();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !REFUSED.test(message.text())) house.said.push(`${page.url()} ${message.text()}`);
  });
  page.on('pageerror', (error) => house.said.push(`${page.url()} ${error.message}`));
  await page.goto(path, { waitUntil: 'load' });
  return page;
};

/** Nothing was said on the console, and the program said of no fault. */
const quiet = (house) => {
  assert.deepEqual(house.said, [], 'the console is silent');
  assert.doesNotMatch(house.server.said(), /ERROR|panicked/, 'the program had no fault');
};

/** Goes through the navigation of the desk. */
export const go = (page, name) => page.getByRole('navigation', { name: '栏目', exact: true }).getByRole('link', { name }).click();

export const h1 = (page) => page.getByRole('heading', { level: 1 });

/** Waits until the page says something in its status line, and gives the sentence. */
export const told = async (page, words) => {
  const line = page.locator('#flash').filter({ hasText: words });
  await line.waitFor();
  return line.innerText();
};

/** Presses what downloads a file; its bytes and its name. */
export const download = async (page, press) => {
  const [file] = await Promise.all([page.waitForEvent('download'), press]);
  return { name: file.suggestedFilename(), bytes: fs.readFileSync(await file.path()) };
};

/** The status of an address as the page's account gets it. */
export const status = async (page, path) => (await page.request.get(path, { maxRedirects: 0, headers: { accept: 'text/html' } })).status();

/** The texts of elements, without the spaces that only lay out. */
export const texts = async (locator) => (await locator.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());

/** The first number of a text; thousands have no separator or a comma. */
export const number = (text) => {
  const found = text.replace(/,/g, '').match(/-?\d+(\.\d+)?/);
  assert.ok(found, `a number in “${text}”`);
  return Number(found[0]);
};

/** Changes the database behind the program's back. */
const behind = (house, text) => {
  const address = house.server.address;
  const lite = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=30); c.execute(sys.argv[2]); c.commit()';
  const [command, args] = house.database === 'postgresql' ? ['psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', address, '-c', text]] : ['python3', ['-c', lite, address, text]];
  const done = spawnSync(command, args, { encoding: 'utf8' });
  assert.equal(done.status, 0, done.stderr);
};
