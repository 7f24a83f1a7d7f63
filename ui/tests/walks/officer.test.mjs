// An officer of Yangzhou finds the late binding indicators of a county, sees the rows behind one, sends a notice that is
// answered and closed, prints the bulletin and finds its figures in its Word, Excel and PDF forms.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { excelSheets, wordTexts } from './archive.mjs';
import { download, go, h1, number, story, texts, told } from './desk.mjs';

const OFFICER = 'yangzhou-mzj1';
const COUNTY = '宝应县';

/** All rows of a list that may go over several pages. */
const everyRow = async (page) => {
  const rows = [];
  for (;;) {
    rows.push(...await page.locator('#results tr.item').evaluateAll((all) => all.map((row) => ({
      name: row.querySelector('th').innerText.trim(),
      href: row.querySelector('th a')?.getAttribute('href') || '',
      adds: row.querySelector('[data-l=计入]')?.innerText || '1',
    }))));
    const next = page.locator('#page-next');
    if (await next.count() === 0) return rows;
    const before = page.url();
    await next.click();
    await page.waitForFunction((url) => location.href !== url && !document.querySelector('#results[aria-busy]'), before);
  }
};

/** The bulletin's tables as they stand on the page: caption and rows of texts. */
const paperTables = (page) => page.locator('table:has(caption)').evaluateAll((all) => all.map((table) => ({
  caption: table.caption.innerText.split('\u3000')[0].trim(),
  rows: [...table.querySelectorAll('tbody tr, tfoot tr')].map((row) => [...row.cells].map((cell) => cell.innerText.trim())),
})));

const poppler = (tool, options, input) => execFileSync(tool, options, { input, encoding: 'utf8' });

/** Every row of a table stands in a PDF with its figures. */
const hasFigures = (what, bytes, table) => {
  assert.equal(bytes.subarray(0, 5).toString(), '%PDF-');
  const bare = poppler('pdftotext', ['-raw', '-enc', 'UTF-8', '-', '-'], bytes).replace(/\s+/g, '');
  for (const row of table.rows) assert.ok(bare.includes(row.slice(2, 6).join('').replace(/\s+/g, '')), `${what} has ${row}`);
};

/** A day as workbooks count it. */
const serial = (day) => String(Date.parse(`${day}T00:00:00Z`) / 86_400_000 + 25_569);

/** Whether a cell of a workbook says what the page says, to the digit: `1,234.50` is the number 1234.5. */
const same = (cell, shown) => {
  if (cell === shown || (cell === '' && shown === '—')) return true;
  if (/^\d{4}-\d\d-\d\d$/.test(shown)) return cell === serial(shown);
  const plain = shown.replace(/,/g, '');
  if (!/^-?\d+(\.\d+)?$/.test(plain) || cell === '' || Number.isNaN(Number(cell))) return false;
  return Number(cell).toFixed((plain.split('.')[1] || '').length) === plain;
};

story('An officer watches a county', { people: 400 }, (house) => {
  let page;
  let indicator;
  let notice;

  house.step('finds the late binding indicators of a county on the dashboard', async () => {
    page = await house.at(OFFICER);
    await go(page, '主要指标');
    assert.equal(await h1(page).innerText(), '主要指标');
    const filter = page.locator('form.filters').filter({ has: page.getByLabel('属性') });
    const region = await filter.getByLabel('区划').locator('option', { hasText: COUNTY }).first().getAttribute('value');
    await filter.getByLabel('区划').selectOption(region);
    await filter.getByLabel('属性').selectOption({ label: '约束性' });
    await filter.getByLabel('状态').selectOption({ label: '滞后' });
    await filter.getByRole('button', { name: '筛选' }).click();
    await page.waitForURL((url) => url.searchParams.get('status') === 'late' && url.searchParams.get('region') === region);
    await h1(page).filter({ hasText: COUNTY }).waitFor();
    const rows = page.locator('#results tr.item');
    assert.ok(await rows.count() > 0, `${COUNTY} has late binding indicators`);
    for (const row of await texts(rows)) {
      assert.match(row, /约束性/);
      assert.match(row, /滞后/);
    }
    const counted = page.locator('#results [data-status]');
    assert.equal(number(await counted.innerText()), await rows.count());
  });

  house.step('reads why one is late, and finds as many rows behind it as its numerator says', async () => {
    await page.locator('#results tr.item th a').first().click();
    indicator = await h1(page).innerText();
    const why = page.locator('section', { has: page.getByRole('heading', { name: '为什么是“滞后”' }) });
    const reasons = await texts(why.locator('ol.steps li'));
    assert.ok(reasons.length >= 3, `the reasons are told: ${reasons}`);
    assert.ok(reasons.some((reason) => /直线路径.*→/.test(reason)), 'the path is told');
    const link = page.getByRole('link', { name: /查看(分子的)?明细/ }).first();
    const numerator = number(await link.innerText());
    const here = page.url();
    await link.click();
    await h1(page).filter({ hasText: '分子明细' }).waitFor();
    const says = await page.locator('.note p').first().innerText();
    const rows = await everyRow(page);
    assert.match(says, /每条计 1|计入/);
    assert.equal(rows.reduce((sum, row) => sum + Number(row.adds), 0), numerator, says);
    assert.equal(number(says.split('合计')[1]), numerator);
    const answer = await page.request.get(rows[0].href);
    assert.equal(answer.status(), 200, `${rows[0].href} opens`);
    await page.goto(rows[0].href);
    assert.equal(await h1(page).innerText(), rows[0].name);
    await page.goto(here);
  });

  house.step('sends a notice in the suggested words, and sees it in the list', async () => {
    await page.getByRole('link', { name: '督办', exact: true }).and(page.locator('.page-head a')).click();
    const form = page.locator('form[action="/supervision/new"]');
    if (!await form.isVisible()) await page.getByText('发出督办', { exact: true }).first().click();
    const words = await form.getByLabel('督办要求').inputValue();
    for (const part of [indicator, COUNTY, '目标', '滞后', '2025年9月30日']) assert.ok(words.includes(part), `“${part}” in the suggested words: ${words}`);
    await form.getByLabel('承办单位').selectOption({ label: '民政局' });
    await form.getByRole('button', { name: '发出督办' }).click();
    await told(page, '督办已发出');
    notice = (await h1(page).innerText()).replace('督办 ', '');
    await go(page, '督办');
    const row = page.locator('tr.item', { hasText: notice });
    for (const part of [indicator, COUNTY, '民政局', '待回复']) assert.match(await row.innerText(), new RegExp(part));
  });

  house.step('gets the answer of the county, and closes it', async () => {
    const county = await house.at('yangzhou-county');
    await go(county, '督办');
    await county.getByRole('navigation', { name: '督办的范围' }).getByRole('link', { name: /待我办理/ }).click();
    await county.getByRole('link', { name: notice }).click();
    await county.getByLabel('回复内容').fill('已逐户排查，十月底前补齐，每周报进度。');
    await county.getByRole('button', { name: '提交回复' }).click();
    await told(county, '已回复');
    assert.equal(await county.getByLabel('办结意见').count(), 0, 'who answers does not close');

    await page.reload();
    await page.getByRole('link', { name: notice }).click();
    await page.locator('.timeline', { hasText: '十月底前补齐' }).waitFor();
    await page.getByLabel('办结意见').fill('措施可行，同意办结。');
    await page.getByRole('button', { name: '办结这条督办' }).click();
    await told(page, '已办结');
    await go(page, '督办');
    assert.equal(await page.locator('tr.item', { hasText: notice }).count(), 0, 'it is no longer open');
    await page.getByRole('navigation', { name: '督办的范围' }).getByRole('link', { name: /全部/ }).click();
    assert.match(await page.locator('tr.item', { hasText: notice }).innerText(), /已办结/);
  });

  house.step('prints the quarterly bulletin, and finds the same figures in its Word, Excel and PDF forms', async () => {
    await go(page, '通报');
    await page.getByText('换一期或区划').click();
    await page.getByLabel('期间').selectOption({ label: '2025年第三季度' });
    await page.getByRole('button', { name: '查看' }).click();
    await page.waitForURL((url) => url.searchParams.get('period') === '2025-Q3');
    assert.match(await h1(page).innerText(), /季度通报\s*（2025年第三季度）/);
    const tables = await paperTables(page);
    const appendix = tables.at(-1);
    assert.match(appendix.caption, /全部指标/);
    assert.ok(appendix.rows.length >= 70, 'every indicator of the plan has its row');

    const word = await download(page, page.getByRole('link', { name: '下载Word' }).click());
    assert.match(word.name, /季度通报.*\.docx$/);
    const said = `\n${wordTexts(word.bytes).join('\n')}\n`;
    const excel = await download(page, page.getByRole('link', { name: '下载Excel' }).click());
    assert.match(excel.name, /\.xlsx$/);
    const sheets = excelSheets(excel.bytes);
    for (const { caption, rows } of tables) {
      const sheet = sheets.find((one) => one.some((row) => row.join('').replace(/\s+/g, '').includes(caption.replace(/\s+/g, ''))));
      assert.ok(sheet, `the workbook has ${caption}`);
      for (const row of rows) {
        assert.ok(said.includes(`\n${row.filter(Boolean).join('\n')}\n`), `Word has ${caption}: ${row}`);
        const found = sheet.some((cells) => row.every((shown, column) => same(cells[column] ?? '', shown)));
        assert.ok(found, `Excel has ${caption}: ${row}`);
      }
    }
    const pdf = await download(page, page.getByRole('link', { name: '下载PDF' }).click());
    hasFigures('PDF', pdf.bytes, appendix);
    const printed = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    hasFigures('print', printed, appendix);
    const sizes = poppler('pdfinfo', ['-l', '99', '-'], printed).match(/size: +[\d.]+ x [\d.]+/g).map((size) => size.match(/[\d.]+/g).map(Number));
    assert.ok(sizes[0][0] < sizes[0][1], 'the bulletin stands');
    assert.ok(sizes.at(-1)[0] > sizes.at(-1)[1], 'its wide tables lie');
  });
});
