// A value is reported: a wrong input is refused, a colleague sends it back with a reason, it is proposed again, signed off,
// shown on the dashboard, and corrected later so that both values and the reason stay visible.
import assert from 'node:assert/strict';
import { go, h1, story, texts, told } from './desk.mjs';

const [PROPOSER, COLLEAGUE] = ['yangzhou-mzj1', 'yangzhou-mzj2'];
const [FIRST, SECOND, CORRECTED] = ['61.5', '3', '4'];

/** Sends the form, and gives the status of the answer. */
const submit = async (page, name) => {
  const [answer] = await Promise.all([
    page.waitForResponse((one) => one.request().method() === 'POST'),
    page.getByRole('button', { name, exact: true }).click(),
  ]);
  return answer.status();
};

story('A value is proposed, returned, signed off and corrected', { people: 400 }, (house) => {
  let page;
  let other;
  let form;
  let report;
  let key;
  let indicator;

  /** The colleague opens what waits for the unit's signature. */
  const waiting = async () => {
    await go(other, '填报与审签');
    const section = other.locator('section', { has: other.getByRole('heading', { name: '待我单位审签' }) });
    await section.getByRole('link', { name: indicator }).first().click();
  };

  house.step('a wrong input is refused with a summary, and stays in the form', async () => {
    page = await house.at(PROPOSER);
    await go(page, '填报与审签');
    const due = page.locator('section', { has: page.getByRole('heading', { name: '待填报' }) });
    const row = due.locator('tr.item').first();
    indicator = await row.locator('th').innerText();
    form = await row.getByRole('link', { name: /^填报/ }).getAttribute('href');
    key = form.match(/\/indicators\/([^/]+)\/report/)[1];
    await row.getByRole('link', { name: /^填报/ }).click();
    await page.getByLabel('本期值').fill('三个左右');
    await page.getByLabel('分母').fill('0');
    await page.getByLabel('备注').fill('按月末数');
    assert.equal(await submit(page, '提交审签'), 422);
    const summary = page.locator('[data-error-summary]');
    await summary.waitFor();
    const said = await summary.innerText();
    for (const part of [/本期值“三个左右”不是数字/, /佐证材料/, /分母是 0/]) assert.match(said, part);
    assert.equal(await page.getByLabel('本期值').inputValue(), '三个左右');
    assert.equal(await page.getByLabel('备注').inputValue(), '按月末数');
    assert.equal(await page.getByLabel('本期值').getAttribute('aria-invalid'), 'true');
  });

  house.step('the first proposal waits, and its proposer cannot sign it', async () => {
    await page.getByLabel('本期值').fill(FIRST);
    await page.getByLabel('分母').fill('');
    await page.getByLabel('佐证材料').fill('三季度月报第 2 页');
    await submit(page, '提交审签');
    await told(page, '已提交，等待牵头单位审签');
    report = new URL(page.url()).pathname;
    assert.match(await page.locator('main').innerText(), /请由本单位另一位同事审签/);
    assert.equal(await page.getByRole('button', { name: '签发' }).count(), 0);
    await page.goto(`/indicators/${key}`);
    assert.doesNotMatch(await page.locator('.figures').first().innerText(), new RegExp(FIRST), 'what waits does not count');
  });

  house.step('a colleague comments, and sends it back with a reason', async () => {
    other = await house.at(COLLEAGUE);
    await waiting();
    assert.equal(new URL(other.url()).pathname, report);
    await other.getByRole('textbox', { name: '留言' }).fill('与月报附表不一致，请核对。');
    await other.getByRole('button', { name: '留言', exact: true }).click();
    await told(other, '已留言');
    assert.equal(await submit(other, '退回'), 422, 'a reason is asked for');
    assert.match(await other.locator('[data-error-summary]').innerText(), /退回理由/);
    await other.getByLabel('意见').fill('附表为 3 个，请改正。');
    await submit(other, '退回');
    await told(other, '已退回');
    await go(page, '填报与审签');
    const back = page.locator('section', { has: page.getByRole('heading', { name: '退回给我的' }) });
    await back.getByRole('link', { name: indicator }).click();
    const told2 = await page.locator('.timeline').innerText();
    for (const part of ['提交审签', '留言', '与月报附表不一致', '退回', '附表为 3 个']) assert.ok(told2.includes(part), part);
  });

  house.step('it is proposed again, and the colleague signs it off', async () => {
    await page.getByRole('link', { name: '修改后重新填报' }).click();
    await page.getByLabel('本期值').fill(SECOND);
    await page.getByLabel('佐证材料').fill('三季度月报附表');
    await submit(page, '提交审签');
    await told(page, '已提交');
    await waiting();
    await submit(other, '签发');
    await told(other, '已签发');
    await go(page, '填报与审签');
    const due = page.locator('section', { has: page.getByRole('heading', { name: '待填报' }) });
    assert.ok(!(await due.innerText()).includes(indicator), 'it is no longer asked for');
  });

  house.step('the dashboard shows the value, marked as reported', async () => {
    await go(page, '主要指标');
    const row = page.locator('#results tr.item', { has: page.locator(`a[href*="/indicators/${key}"]`) });
    const now = await row.locator('[data-l=本期实际]').innerText();
    assert.match(now, new RegExp(`^${SECOND}(\\.0+)?\\s`));
    assert.match(now, /填报/);
    await row.getByRole('link').first().click();
    assert.match(await page.locator('.figures').first().innerText(), /填报/);
  });

  house.step('a correction needs a reason, and both values stay to be seen', async () => {
    await page.goto(form);
    await page.getByText('再次提交就是更正').waitFor();
    await page.getByLabel('本期值').fill(CORRECTED);
    await page.getByLabel('佐证材料').fill('复核后的台账');
    assert.equal(await submit(page, '提交审签'), 422);
    assert.match(await page.locator('[data-error-summary]').innerText(), /更正理由/);
    await page.getByLabel('更正理由').fill('漏计广陵一家，已补台账');
    await submit(page, '提交审签');
    await told(page, '已提交');
    await waiting();
    const asked = await other.locator('main').innerText();
    assert.match(asked, /更正理由\s+漏计广陵一家/);
    await submit(other, '签发');
    await told(other, '已签发');
    assert.match(await other.locator('main').innerText(), new RegExp(`更正的是：.*${SECOND}`));
    await other.getByRole('link', { name: new RegExp(`月 ${SECOND}`) }).click();
    assert.match(await other.locator('main').innerText(), new RegExp(`后来更正为：.*${CORRECTED}`));
    assert.match(await h1(other).locator('..').locator('..').innerText(), /已被更正/);

    await page.goto(`/indicators/${key}`);
    const versions = page.locator('section', { has: page.getByRole('heading', { name: /每一版/ }) });
    const lines = await texts(versions.locator('tbody tr'));
    assert.equal(lines.filter((line) => line.includes('采用')).length, 1, 'one of them counts');
    assert.ok(lines.some((line) => line.includes('采用') && line.includes(CORRECTED) && line.includes('漏计广陵一家')), `${lines}`);
    assert.ok(lines.some((line) => !line.includes('采用') && line.includes(` ${SECOND} `)), `${lines}`);
  });
});
