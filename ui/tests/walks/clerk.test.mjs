// A town's clerk enters an elder, imports visits from a spreadsheet with bad rows, corrects them, visits someone with a
// phone in hand, reports a value, and sees nothing of other towns.
import assert from 'node:assert/strict';
import { excelRows } from './archive.mjs';
import { download, go, h1, number, status, story, texts, told } from './desk.mjs';

const CLERK = 'yangzhou-town';
const ELDER = '宋桂珍';
const ID_NUMBER = '321023194403050028';

const csv = (rows) => Buffer.from(`\ufeff${rows.map((row) => row.join(',')).join('\r\n')}\r\n`);

/** Uploads a file on the import page of a register, and waits for the preview. */
const upload = async (page, name, rows) => {
  await page.goto('/registers/monthly_visit/import');
  await page.getByLabel('填好的表格').setInputFiles({ name, mimeType: 'text/csv', buffer: csv(rows) });
  await page.getByRole('button', { name: '上传并检查' }).click();
  await page.waitForURL(/\/import\/[0-9a-f-]{36}$/);
  assert.equal(await h1(page).innerText(), '导入预览');
};

const listed = async (page) => {
  await page.goto('/registers/monthly_visit');
  const count = page.locator('#results [data-status]').first();
  const text = await count.innerText();
  return text.includes('共') ? number(text.split('共')[1]) : 0;
};

story('A clerk imports, visits and reports', { people: 400 }, (house) => {
  let page;
  let people;
  let head;
  let sent;
  let corrected;
  let present;
  let visiting;

  house.step('sees the people of her town only', async () => {
    page = await house.at(CLERK);
    await go(page, '登记簿');
    await page.getByRole('link', { name: '人员', exact: true }).click();
    assert.equal(await h1(page).innerText(), '人员');
    people = await page.locator('#results tbody tr').evaluateAll((rows) => rows.map((row) => ({
      name: row.querySelector('th').innerText.trim(),
      id: row.querySelector('th a').getAttribute('href').split('/').at(-1),
      region: row.querySelector('[data-l=所在区划]').innerText.trim(),
      visited: row.querySelector('[data-l=特殊困难]').innerText.trim() === '是',
    })));
    assert.ok(people.length >= 3, 'the town has people');
    const county = await house.at('yangzhou-county');
    await county.goto('/registers/person');
    const others = county.locator('#results tbody th a');
    const own = new Set(people.map(({ id }) => id));
    const away = (await others.evaluateAll((links) => links.map((link) => link.getAttribute('href')))).filter((href) => !own.has(href.split('/').at(-1)));
    assert.ok(away.length > 0, 'the county has people of other towns');
    assert.equal(await status(county, away[0]), 200);
    assert.equal(await status(page, away[0]), 404, 'another town’s person');
    const town = await county.getByLabel('所在区划').locator('option', { hasText: '氾水镇' }).first().getAttribute('value');
    for (const path of [`/indicators?region=${town}`, `/leader?region=${town}`, `/bulletin?region=${town}`, `/wall?region=${town}`]) {
      assert.equal(await status(county, path), 200, path);
      assert.equal(await status(page, path), 404, path);
    }
    assert.equal(await status(page, '/admin/accounts'), 403);
  });

  house.step('enters an elder: what is wrong is said, what was typed is kept', async () => {
    await page.getByRole('link', { name: '新增登记' }).click();
    await page.getByLabel('所在区划').selectOption({ label: '安宜镇' });
    await page.getByLabel('姓名').fill(ELDER);
    await page.getByLabel('证件号').fill(ID_NUMBER);
    await page.getByLabel('出生日期').fill('1944-03-05');
    await page.getByLabel('联系电话').fill('12');
    await page.getByLabel('特殊困难').selectOption('是');
    const [answer] = await Promise.all([
      page.waitForResponse((one) => one.request().method() === 'POST'),
      page.getByRole('button', { name: '登记', exact: true }).click(),
    ]);
    assert.equal(answer.status(), 422);
    const summary = page.locator('[data-error-summary]');
    await summary.waitFor();
    const said = await summary.innerText();
    assert.match(said, /性别/);
    assert.match(said, /联系电话/);
    assert.ok(await summary.evaluate((box) => box === document.activeElement), 'the summary has the focus');
    assert.equal(await page.getByLabel('姓名').inputValue(), ELDER);
    await summary.getByRole('link', { name: /性别/ }).click();
    assert.equal(await page.evaluate(() => document.activeElement.name), 'sex');
    await page.getByLabel('性别').selectOption('女');
    await page.getByLabel('联系电话').fill('13800138000');
    await page.getByLabel('常住人口').selectOption('是');
    await page.getByLabel('家庭情况').selectOption('独居');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await h1(page).filter({ hasText: ELDER }).waitFor();
    assert.ok(!(await page.locator('main').innerText()).includes(ID_NUMBER), 'the number of the identity card is masked');
  });

  house.step('sends a spreadsheet with bad rows, and is told why each is bad', async () => {
    await page.goto('/registers/monthly_visit/import');
    const template = await download(page, page.getByRole('link', { name: 'CSV 模板' }).click());
    head = template.bytes.toString('utf8').replace(/^\ufeff/, '').trim().split('\r\n')[0].split(',');
    assert.deepEqual(head.map((one) => one.replace('*', '')), ['所在区划', '探访对象', '探访日期', '探访人', '探访方式', '探访结果', '情况说明']);
    present = await listed(page);
    const free = people.filter(({ visited }) => !visited);
    assert.ok(free.length >= 3, 'people without visits');
    const row = ({ region, id }, day, mode = '入户') => [region, id, day, '沈燕', mode, '正常', ''];
    sent = [
      row(free[0], '2025-09-18'),
      row(free[1], '2025-09-18', '电话'),
      row(free[2], '2025-09-31'),
      row(free[2], '2025-09-19', '上门'),
      ['安宜镇', '查无此人', '2025-09-19', '沈燕', '入户', '正常', ''],
      row({ region: '氾水镇', id: free[0].id }, '2025-09-20'),
    ];
    await upload(page, '九月探访.csv', [head, ...sent]);
    const says = await page.locator('.note').filter({ hasText: '新增' }).innerText();
    assert.match(says, /新增 2 行，更新 0 行，无变化 0 行；4 行有误/);
    const bad = page.locator('section', { has: page.getByRole('heading', { name: '有误的行' }) });
    const why = await texts(bad.locator('td.why'));
    assert.equal(why.length, 4);
    assert.match(why[0], /探访日期/);
    assert.match(why[1], /探访方式/);
    assert.match(why[2], /查无此人|探访对象/);
    assert.match(why[3], /区划/);
    assert.equal(await bad.locator('.cell-bad').count(), 4, 'the wrong cells are marked');
    assert.equal(await page.request.get('/registers/monthly_visit/records/none').then((answer) => answer.status()), 404);
  });

  house.step('takes the good rows in, corrects those returned, and sends only them', async () => {
    const returned = await download(page, page.getByRole('link', { name: '下载退回的行' }).click());
    await page.getByRole('button', { name: '确认导入 2 行' }).click();
    await told(page, '导入完成：新增 2 条');
    const rows = excelRows(returned.bytes);
    const at = rows.findIndex((row) => row[0]?.startsWith('所在区划'));
    assert.equal(rows[at].at(-1), '原因');
    const lines = rows.slice(at + 1).filter((row) => row.some((cell) => cell.includes('沈燕')));
    assert.equal(lines.length, 4);
    assert.ok(lines.every((row) => row.at(-1).length > 4), 'each has its reason');
    const [day, mode, person, region] = lines.map((row) => row.slice(0, head.length));
    const free = people.filter(({ visited }) => !visited);
    day[2] = '2025-09-30';
    mode[4] = '入户';
    person[1] = free[2].id;
    person[2] = '2025-09-21';
    region[0] = free[0].region;
    corrected = [head, day, mode, person, region];
    await upload(page, '九月探访-改.csv', corrected);
    assert.match(await page.locator('.note').filter({ hasText: '新增' }).innerText(), /新增 4 行，更新 0 行，无变化 0 行，没有错误/);
    await page.getByRole('button', { name: '确认导入 4 行' }).click();
    await told(page, '导入完成：新增 4 条，更新 0 条');
    assert.equal(await listed(page), present + 6);
  });

  house.step('sends the same file again, and nothing is doubled', async () => {
    await page.goto('/registers/monthly_visit/import');
    await page.getByLabel('填好的表格').setInputFiles({ name: '九月探访-改.csv', mimeType: 'text/csv', buffer: csv(corrected) });
    await page.getByRole('button', { name: '上传并检查' }).click();
    assert.match(await told(page, '此文件已在'), /没有重复登记/);
    assert.equal(await listed(page), present + 6);
    await upload(page, '九月探访-又.csv', [corrected[0], ...corrected.slice(1).reverse()]);
    assert.match(await page.locator('.note').filter({ hasText: '新增' }).innerText(), /新增 0 行，更新 0 行，无变化 4 行/);
    assert.equal(await page.getByRole('button', { name: /确认导入/ }).count(), 0, 'there is nothing to take in');
    await page.getByRole('button', { name: '不导入了' }).click();
    await told(page, '已放弃这次导入');
    assert.equal(await listed(page), present + 6);
  });

  house.step('records a visit on the phone', async () => {
    const phone = await house.at(CLERK, { path: '/field', width: 390, height: 844 });
    const sentence = () => phone.getByText(/^特殊困难老年人/).innerText();
    const visited = async () => (await sentence()).match(/(\d+) 位，已探访 (\d+) 位，还有 (\d+) 位/).slice(1).map(Number);
    const [all, done, left] = await visited();
    const visit = phone.getByRole('link', { name: new RegExp(`登记探访.*${ELDER}`) });
    const box = await visit.boundingBox();
    assert.ok(box.height >= 44, `a finger hits it: ${box.height}`);
    visiting = await visit.getAttribute('href');
    await visit.click();
    await phone.getByRole('button', { name: '保存' }).click();
    await phone.locator('[data-error-summary]').waitFor();
    await phone.getByLabel('入户').check();
    await phone.getByLabel('需跟进').check();
    await phone.getByLabel(/说明/).fill('膝盖疼，约了周五陪去卫生院。');
    await phone.getByRole('button', { name: '保存' }).click();
    await told(phone, `已登记对${ELDER}的探访`);
    assert.deepEqual(await visited(), [all, done + 1, left - 1]);
    assert.equal(await visit.count(), 0, 'she is no longer on the list');
    await phone.goto('/registers/monthly_visit?q=沈燕');
    const entered = phone.locator('#results tr', { hasText: ELDER });
    assert.match(await entered.innerText(), /需跟进/);
    await phone.context().close();
  });

  house.step('who visits there has the same day on a telephone', async () => {
    const phone = await house.at('yangzhou-field', { width: 390, height: 844 });
    assert.equal(new URL(phone.url()).pathname, '/field');
    await phone.getByText(/^今天已登记/).click();
    assert.match(await phone.locator('main details').innerText(), new RegExp(`${ELDER}.*需跟进`));
    await phone.goto(visiting);
    assert.equal(await h1(phone).innerText(), `探访${ELDER}`);
    assert.equal(await status(phone, '/registers/monthly_visit'), 403, 'visits are written, registers are not read');
    await phone.context().close();
  });

  house.step('is asked for no figure that a bureau gives, and reports one for her town all the same', async () => {
    await go(page, '填报与审签');
    const due = page.locator('section', { has: page.getByRole('heading', { name: '待填报' }) });
    assert.equal(await due.locator('tr.item').count(), 0);
    await page.goto('/indicators/yangzhou.20/report?month=2024-12');
    await page.getByLabel('本期值').fill('55.5');
    await page.getByLabel('佐证材料').fill('镇财政所 2024 年决算，附表二');
    await page.getByRole('button', { name: '提交审签' }).click();
    await told(page, '已提交，等待牵头单位审签');
    assert.match(await page.locator('main').innerText(), /55\.5/);
    assert.match(await page.locator('main').innerText(), /安宜镇/);
    assert.equal(await page.getByRole('button', { name: '签发' }).count(), 0, 'a clerk signs nothing off');
  });
});
