// How the pages behave in a real browser, on the gallery: BASE=http://127.0.0.1:8899 node --test behaviour.test.mjs
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, before, test } from 'node:test';
import { launch, visitor } from './browser.mjs';

const BASE = process.env.BASE ?? 'http://127.0.0.1:8899';
let browser;
let visit;
before(async () => {
  browser = await launch();
  visit = visitor(browser, BASE);
});
after(() => browser.close());

const mark = (page) => page.evaluate(() => { window.zxMark = true; });
const marked = (page) => page.evaluate(() => window.zxMark === true);
const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.tagName);

test('a filter swaps the list, keeps the focus, says the count, and is in the address', async () => {
  const { page, said, close } = await visit('/list');
  await mark(page);
  await page.fill('#f-q', '床位');
  await page.press('#f-q', 'Enter');
  await page.waitForFunction(() => document.querySelectorAll('tr.item').length === 3);
  assert.ok(await marked(page), 'the page was not loaded anew');
  assert.match(decodeURI(page.url()), /q=床位/);
  assert.equal(await focused(page), 'f-q');
  await page.waitForFunction(() => document.getElementById('live').textContent.includes('共 3 条'));
  assert.deepEqual(said, []);
  await close();
});

test('a sort link keeps its focus, and going back undoes it', async () => {
  const { page, close } = await visit('/list');
  await mark(page);
  await page.focus('#sort-status');
  await page.keyboard.press('Enter');
  await page.waitForSelector('th[aria-sort=ascending]');
  assert.equal(await focused(page), 'sort-status');
  assert.ok(await marked(page));
  await page.goBack();
  await page.waitForFunction(() => !document.querySelector('th[aria-sort=ascending]'));
  await close();
});

test('a refused form shows what is wrong, moves the focus there, and keeps what was typed', async () => {
  const { page, close } = await visit('/form');
  await mark(page);
  await page.fill('#f-code', '52310110MJ54321');
  await page.check('#f-serves-2');
  await page.click('main form button[type=submit]');
  await page.waitForSelector('[data-error-summary]');
  await page.waitForFunction(() => document.activeElement.hasAttribute('data-error-summary'));
  assert.ok(await marked(page));
  assert.equal(await page.inputValue('#f-code'), '52310110MJ54321');
  assert.ok(await page.isChecked('#f-serves-2'));
  assert.equal(await page.getAttribute('#f-phone', 'aria-invalid'), 'true');
  assert.match(await page.getAttribute('#f-phone', 'aria-describedby'), /f-phone-err/);
  await page.click('[data-error-summary] a[href="#f-phone"]');
  assert.equal(await focused(page), 'f-phone');
  await close();
});

for (const script of [true, false]) {
  test(`an accepted form leads on and says so once, ${script ? 'with' : 'without'} scripts`, async () => {
    const { page, close } = await visit('/form', { script });
    await page.fill('#f-name', '明德养老院');
    await page.fill('#f-phone', '13900000000');
    await page.check('#f-nature');
    await Promise.all([page.waitForURL('**/list'), page.click('main form button[type=submit]')]);
    assert.match(await page.textContent('#flash'), /已登记：明德养老院/);
    await page.goto(`${BASE}/list`);
    assert.equal(await page.$('#flash'), null);
    await close();
  });
}

test('a form of another browser is refused, with a page that says what to do', async () => {
  const { page, close } = await visit('/form', { script: false });
  await page.context().clearCookies();
  await page.fill('#f-name', '明德养老院');
  await page.click('main form button[type=submit]');
  assert.match(await page.textContent('h1'), /过期/);
  await close();
});

test('a menu closes by Escape and gives the focus back', async () => {
  const { page, close } = await visit('/desk', { width: 390, height: 844 });
  await page.click('.menu > summary');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  assert.equal(await page.getAttribute('.menu', 'open'), null);
  assert.equal(await focused(page), 'SUMMARY');
  await close();
});

test('size and contrast are chosen by links, without scripts, and remembered', async () => {
  const { page, close } = await visit('/record', { script: false });
  await page.click('.foot .sizes >> text=特大');
  assert.equal(new URL(page.url()).pathname, '/record');
  assert.equal(await page.getAttribute('html', 'data-size'), 'xl');
  await page.click('.foot .sizes >> text=高对比');
  assert.equal(await page.getAttribute('html', 'data-contrast'), 'high');
  await page.goto(`${BASE}/elder`);
  assert.equal(await page.getAttribute('html', 'data-size'), 'xl');
  await close();
});

test('reading aloud is offered where a Chinese voice exists, and nowhere else', async () => {
  const { page, close } = await visit('/elder');
  assert.equal(await page.isVisible('[data-read]'), false);
  await page.addInitScript(() => {
    speechSynthesis.getVoices = () => [{ lang: 'zh-CN', name: 'stub' }];
    // Real utterances take real voices only.
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    window.zxSaid = [];
    speechSynthesis.speak = (said) => window.zxSaid.push(said.text);
  });
  await page.reload();
  await page.click('[data-read]');
  const said = await page.evaluate(() => window.zxSaid);
  assert.equal(said[0], '王秀兰，中午好');
  assert.ok(said.some((text) => text.includes('护理员 李芳')));
  assert.equal(new Set(said.filter((text) => text.includes('值班人员'))).size, said.filter((text) => text.includes('值班人员')).length, 'nothing is said twice');
  await close();
});

test('on the wall a tile that fails says so and keeps its figures; the others live on', async () => {
  const { page, close } = await visit('/wall');
  await page.waitForSelector('#t-beds[data-state=failed]', { timeout: 15000 });
  assert.match(await page.innerText('#t-beds .tile-says'), /更新失败，显示的是\d\d:\d\d的数据/);
  assert.match(await page.innerText('#t-beds .huge'), /41,208/);
  assert.equal(await page.getAttribute('#t-old', 'data-state'), null);
  await page.evaluate(() => document.getElementById('t-old').setAttribute('data-old', 'yes'));
  await page.evaluate(() => document.getElementById('t-old').dispatchEvent(new Event('zhaoxi:refresh')));
  await page.waitForFunction(() => !document.getElementById('t-old').hasAttribute('data-old'));
  await close();
});

test('the wall can be kept as a picture', async () => {
  const { page, said, close } = await visit('/wall');
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 20000 }), page.click('[data-picture]')]);
  const bytes = fs.readFileSync(await download.path());
  assert.match(download.suggestedFilename(), /\.png$/);
  assert.equal(bytes.subarray(1, 4).toString(), 'PNG');
  assert.ok(bytes.length > 40_000, `a picture with something on it (${bytes.length} bytes)`);
  if (process.env.KEEP) fs.copyFileSync(await download.path(), process.env.KEEP);
  assert.deepEqual(said, []);
  await close();
});

test('the map island takes over and can be left by keyboard', async () => {
  const { page, said, close } = await visit('/map');
  await page.waitForSelector('.map-box.live canvas');
  assert.match(await page.getAttribute('.map-box', 'aria-label'), /方向键移动/);
  assert.deepEqual(said, []);
  await close();
});

test('on paper there is the page and no navigation', async () => {
  const { page, close } = await visit('/list', { print: true });
  for (const gone of ['.side', '.top', '.filters', '.foot', '.pages nav']) assert.equal(await page.isVisible(gone), false, gone);
  assert.ok(await page.isVisible('.print-only'));
  const paper = await page.pdf({ preferCSSPageSize: true });
  assert.ok(paper.length > 20_000);
  await close();
});
