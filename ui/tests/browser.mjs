// The one browser of a run, and pages in it: size, script on or off, reading wishes by cookie, what the console said.
import fs from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** Where a browser is: $CHROMIUM, else where Debian puts it. */
export const findBrowser = () => {
  const path = [process.env.CHROMIUM, ...PLACES].find((place) => place && fs.existsSync(place));
  if (!path) throw new Error('no browser: apt-get install -y --no-install-recommends chromium fonts-noto-cjk, or set CHROMIUM');
  return path;
};

export const launch = () => chromium.launch({ executablePath: findBrowser(), args: FLAGS });

/**
 * Opens pages for a run. `cookies` are those of a signed-in browser (from `signIn`), `base` the server's address.
 * Each `visit` has a context of its own, so that nothing is carried from one check to the next.
 */
export const visitor = (browser, base, cookies = []) => async (path, { width = 1440, height = 900, script = true, size, print = false } = {}) => {
  const phone = width < 700;
  const context = await browser.newContext({
    viewport: { width, height }, isMobile: phone, hasTouch: phone, deviceScaleFactor: 1,
    locale: 'zh-CN', timezoneId: 'Asia/Shanghai', javaScriptEnabled: script,
  });
  await context.addCookies(cookies);
  if (size) await context.addCookies([{ name: 'zx_size', value: size, url: base }]);
  const page = await context.newPage();
  const said = [];
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`exception: ${error.message}`));
  page.on('requestfailed', (request) => said.push(`not loaded: ${request.url()}`));
  const answer = await page.goto(base + path, { waitUntil: 'load' });
  if (print) await page.emulateMedia({ media: 'print' });
  if (script) await page.evaluate(() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))));
  return { page, said, status: answer ? answer.status() : 0, close: () => context.close() };
};

/** Signs in through the login page and returns the browser's cookies. */
export const signIn = async (browser, base, { account, password, path = '/login' }) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(base + path, { waitUntil: 'load' });
  await page.fill('[name=account]', account);
  await page.fill('[name=password]', password);
  await Promise.all([page.waitForNavigation({ waitUntil: 'load' }), page.click('main form button[type=submit]')]);
  if (new URL(page.url()).pathname === path) throw new Error(`${account} could not sign in: ${(await page.textContent('main')).trim().slice(0, 200)}`);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
};
