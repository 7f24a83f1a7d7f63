// The wall: its tiles are refreshed one by one; one that fails says so and keeps its figures, while the others go on. It is
// taken away as a drawing, a picture and a workbook.
import assert from 'node:assert/strict';
import { excelRows } from './archive.mjs';
import { download, go, h1, story } from './desk.mjs';

const FAILING = 'binding';
const SECOND = 1000;
/** Longer than a tile waits between two readings. */
const ROUND = 31;
/** Shorter than a tile waits for its answer. */
const STEP = 3;

/** Lets the page's own time go on, and gives the answers of real time for each step of it. */
const pass = async (page, seconds) => {
  for (let left = seconds; left > 0; left -= STEP) {
    await page.clock.runFor(Math.min(left, STEP) * SECOND);
    while (page.underWay > 0) await page.waitForEvent('requestfinished', { predicate: () => page.underWay === 0, timeout: SECOND }).catch(() => {});
  }
};

const countRequests = (page) => {
  page.underWay = 0;
  page.on('request', () => { page.underWay += 1; });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, () => { page.underWay -= 1; });
};

const old = (page) => page.locator('[data-tile][data-old]');
const mark = (page) => page.locator('[data-tile]').evaluateAll((tiles) => tiles.forEach((tile) => tile.setAttribute('data-old', '')));
const big = async (page) => page.locator('.tile').evaluateAll((tiles) => tiles.map((tile) => ({
  title: tile.querySelector('h2').textContent.trim(),
  figure: tile.querySelector('.huge')?.firstChild.textContent.trim() || '',
})));

story('The wall goes on when a tile fails', { people: 400 }, (house) => {
  let page;
  let tiles;

  house.step('it opens from the desk, with all its tiles', async () => {
    page = await house.at('yangzhou-leader');
    await go(page, '大屏');
    assert.match(await h1(page).innerText(), /运行情况/);
    tiles = page.locator('.tile');
    assert.equal(await tiles.count(), 8);
    assert.equal(await page.locator('.tile[data-state=failed]').count(), 0);
  });

  house.step('a tile that cannot be read keeps its figures and says so; the others are renewed', async () => {
    await page.clock.install();
    countRequests(page);
    await page.goto('/wall');
    await page.route((url) => url.pathname.endsWith(`/tile/${FAILING}`), (route) => route.fulfill({ status: 500, body: 'broken' }));
    await mark(page);
    const before = await page.locator(`#t-${FAILING} .huge`).innerText();
    await pass(page, ROUND);
    await page.waitForFunction(() => document.querySelectorAll('[data-tile][data-old]').length === 1);
    assert.equal(await old(page).getAttribute('id'), `t-${FAILING}`);
    const failed = page.locator('.tile[data-state=failed]');
    await failed.waitFor();
    assert.equal(await failed.count(), 1);
    assert.match(await failed.locator('[role=status]').innerText(), /更新失败，显示的是\d\d:\d\d的数据/);
    assert.equal(await failed.locator('.huge').innerText(), before);
    await mark(page);
    await pass(page, ROUND);
    await page.waitForFunction(() => document.querySelectorAll('[data-tile][data-old]').length === 1);
  });

  house.step('when it can be read again, it is as the others', async () => {
    await page.unrouteAll();
    await mark(page);
    await pass(page, 4 * ROUND);
    await page.waitForFunction(() => document.querySelectorAll('[data-tile][data-old]').length === 0);
    assert.equal(await page.locator('.tile[data-state=failed]').count(), 0);
    house.said = house.said.filter((line) => !line.includes('status of 500'));
  });

  house.step('the drawing and the workbook say the same figures', async () => {
    const shown = (await big(page)).filter(({ figure }) => figure);
    assert.ok(shown.length >= 4);
    const svg = await download(page, page.getByRole('link', { name: '下载矢量图' }).click());
    assert.match(svg.name, /\.svg$/);
    const text = svg.bytes.toString('utf8');
    const parsed = await page.evaluate((source) => {
      const root = new DOMParser().parseFromString(source, 'image/svg+xml');
      return { bad: root.querySelectorAll('parsererror').length, texts: [...root.querySelectorAll('text')].map((one) => one.textContent.trim()) };
    }, text);
    assert.equal(parsed.bad, 0);
    const excel = await download(page, page.getByRole('link', { name: '导出Excel' }).click());
    const cells = excelRows(excel.bytes).map((row) => row.join('\u0001'));
    for (const { title, figure } of shown) {
      assert.ok(parsed.texts.some((one) => one.startsWith(title)), `the drawing has ${title}`);
      assert.ok(parsed.texts.some((one) => one.replace(/\s/g, '').startsWith(figure)), `the drawing has ${title} ${figure}`);
      assert.ok(cells.some((row) => row.includes(title) && row.split('\u0001').includes(figure)), `the workbook has ${title} ${figure}`);
    }
  });

  house.step('the screen is saved as a picture of its own size', async () => {
    const fresh = await house.at('yangzhou-leader', { path: '/wall' });
    const png = await download(fresh, fresh.getByRole('button', { name: '保存图片' }).click());
    assert.match(png.name, /运行情况\.png$/);
    assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');
    const width = await fresh.evaluate(() => document.documentElement.clientWidth);
    assert.equal(png.bytes.readUInt32BE(16), 2 * width);
    assert.ok(png.bytes.length > 100_000, 'something is drawn on it');
  });
});
