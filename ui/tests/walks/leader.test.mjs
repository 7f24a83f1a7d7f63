// A leader's one page: it fits one sheet of paper, and behind every figure is a page that opens.
import assert from 'node:assert/strict';
import { go, h1, story } from './desk.mjs';

/** How many pages a PDF has. */
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;

story('A leader reads the one page', { people: 400 }, (house) => {
  let page;

  house.step('it is where the leader begins, and says how things stand in a sentence', async () => {
    page = await house.at('yangzhou-leader');
    assert.equal(new URL(page.url()).pathname, '/leader');
    assert.match(await h1(page).innerText(), /一页总览/);
    const verdict = await page.locator('.page-head p').first().innerText();
    assert.match(verdict, /到2025年9月30日，方案期已过 95\.0%，72 项指标中已达标 \d+ 项/);
    for (const name of ['全部指标', '各地排名', '滞后的任务', '延期的项目', '超期未回复的督办']) {
      await page.getByRole('heading', { name }).waitFor();
    }
  });

  house.step('every figure is a link that opens', async () => {
    const figures = page.locator('.figures .figure');
    assert.ok(await figures.count() >= 4);
    assert.equal(await figures.locator('.big a').count(), await figures.count(), 'each figure is a link');
    const parts = page.locator('section[aria-labelledby=h-all] .seg-list a, section[aria-labelledby=h-all] li a');
    assert.ok(await parts.count() >= 5, 'each state of the whole is a link');
    const links = await page.locator('#results a').evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute('href')))]);
    assert.ok(links.length > 20);
    for (const link of links) assert.equal((await page.request.get(link)).status(), 200, link);
  });

  house.step('the count of late ones is the count of the list behind it', async () => {
    const figure = page.locator('.figure', { hasText: '约束性指标滞后' });
    const count = Number((await figure.locator('.big').innerText()).match(/\d+/)[0]);
    await figure.locator('.big a').click();
    const rows = page.locator('#results tr.item');
    await h1(page).filter({ hasText: '主要指标' }).waitFor();
    assert.equal(await rows.count(), count);
    for (const row of await rows.allInnerTexts()) assert.match(row, /约束性[\s\S]*滞后/);
    await page.goBack();
  });

  house.step('another region is one choice away, and the heading follows', async () => {
    await page.getByLabel('区划').selectOption({ label: '　宝应县' });
    await page.getByRole('button', { name: '筛选' }).click();
    await h1(page).filter({ hasText: '宝应县' }).waitFor();
    await go(page, '一页总览');
    await h1(page).filter({ hasText: '扬州市' }).waitFor();
  });

  house.step('it fits one sheet of A4', async () => {
    const pdf = await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true });
    assert.equal(pagesOf(pdf), 1);
  });
});
