// A county's clerk types 20,000 people into the template, 200 of them wrong; corrects what comes back in the spreadsheet and
// sends only that; nothing is doubled. Then two editors meet on one of the records.
import assert from 'node:assert/strict';
import { excelRows } from './archive.mjs';
import { download, h1, number, status, story, texts, told } from './desk.mjs';
import { corrected, filled } from './sheet.mjs';

const CLERK = 'yangzhou-county';
const TOWN = '安宜镇';
const ROWS = 20_000;
/** Every hundredth row is wrong, in one of four ways. */
const WRONG = 100;
const COLUMNS = ['region', 'name', 'id_number', 'sex', 'birth_date', 'phone'];

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checked = (digits) => digits + '10X98765432'[[...digits].reduce((sum, digit, at) => sum + Number(digit) * WEIGHTS[at], 0) % 11];

/** Person `at` of the file, all right. The area 990110 is given to nobody. */
const person = (at) => {
  const day = new Date(Date.UTC(1935, 0, 1 + (at % 9_000))).toISOString().slice(0, 10);
  const order = 100 + Math.floor(at / 9_000) * 2 + (at % 2);
  return {
    region: TOWN, name: `陈试${at}`, id_number: checked(`990110${day.replace(/-/g, '')}${order}`), sex: order % 2 ? '男' : '女', birth_date: day,
    phone: `139${String(10_000_000 + at)}`,
  };
};

/** How a row is wrong: the column, what was typed there, and what the reason speaks of. */
const MISTAKES = [
  { key: 'name', typed: () => '', reason: /请填写姓名/ },
  { key: 'id_number', typed: (right) => right.slice(0, 17) + (right[17] === '1' ? '2' : '1'), reason: /身份证号/ },
  { key: 'birth_date', typed: (right) => `${right.slice(0, 4)}-02-30`, reason: /出生日期/ },
  { key: 'phone', typed: () => '12', reason: /联系电话/ },
];
const mistake = (at) => (at % WRONG === 0 ? MISTAKES[(at / WRONG) % MISTAKES.length] : null);

const send = async (page, name, bytes) => {
  await page.goto('/registers/person/import');
  await page.getByLabel('填好的表格').setInputFiles({ name, mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer: bytes });
  await page.getByRole('button', { name: '上传并检查' }).click();
};

const preview = async (page) => {
  await page.waitForURL(/\/import\/[0-9a-f-]{36}$/, { timeout: 240_000 });
  assert.equal(await h1(page).innerText(), '导入预览');
  return page.locator('main .note').filter({ hasText: '新增' }).innerText();
};

const confirm = async (page, words, done) => {
  page.setDefaultTimeout(240_000);
  await page.getByRole('button', { name: words }).click();
  return told(page, done);
};

story('A clerk sends 20,000 rows', { people: 400 }, (house) => {
  let page;
  let keys;
  let file;
  let returned;
  let one;

  house.step('fills in the template and is told which 200 rows are wrong', async () => {
    page = await house.at(CLERK, { script: false });
    await page.goto('/registers/person/import');
    const template = await download(page, page.getByRole('link', { name: 'Excel 模板' }).click());
    [keys] = excelRows(template.bytes);
    const at = COLUMNS.map((key) => keys.indexOf(key));
    assert.ok(at.every((column) => column >= 0), `the hidden row of keys: ${keys}`);
    const rows = Array.from({ length: ROWS }, (_, index) => {
      const right = person(index);
      const wrong = mistake(index);
      const row = [];
      COLUMNS.forEach((key, column) => { row[at[column]] = wrong?.key === key ? wrong.typed(right[key]) : right[key]; });
      return Array.from(row, (text) => text ?? '');
    });
    file = filled(template.bytes, rows);
    await send(page, '人员两万.xlsx', file);
    assert.match(await preview(page), /新增 19800 行，更新 0 行，无变化 0 行；200 行有误/);
    const why = await texts(page.locator('section', { has: page.getByRole('heading', { name: '有误的行' }) }).locator('td.why'));
    why.forEach((text, index) => assert.match(text, MISTAKES[index % MISTAKES.length].reason));
  });

  house.step('takes in the 19,800 that are right', async () => {
    returned = await download(page, page.getByRole('link', { name: '下载退回的行' }).click());
    await confirm(page, '确认导入 19800 行', '导入完成：新增 19800 条');
  });

  house.step('corrects the returned workbook, sends only it, and nothing is doubled', async () => {
    const rows = excelRows(returned.bytes);
    assert.deepEqual(rows[0].slice(0, -1), keys, 'the same template');
    assert.equal(rows[1].at(-1), '原因');
    assert.equal(rows.length, 2 + ROWS / WRONG);
    const better = corrected(returned.bytes, rows, (row, index) => {
      if (index < 2) return null;
      const place = (index - 2) * WRONG;
      assert.match(row.at(-1), mistake(place).reason);
      return { [keys.indexOf(mistake(place).key)]: person(place)[mistake(place).key] };
    });
    await send(page, '人员两万-改.xlsx', better);
    assert.match(await preview(page), /新增 200 行，更新 0 行，无变化 0 行，没有错误/);
    await confirm(page, '确认导入 200 行', '导入完成：新增 200 条，更新 0 条');
    await send(page, '人员两万-改.xlsx', better);
    assert.match(await told(page, '此文件已'), /没有重复登记/);
  });

  house.step('sends the whole file again: all are there already', async () => {
    await send(page, '人员两万-再传.xlsx', file);
    assert.match(await told(page, '此文件已'), /没有重复登记/);
    const rows = excelRows(file);
    const touched = corrected(file, rows, (row, index) => (index === 3 ? { [keys.indexOf('phone')]: '13900000000' } : null));
    await send(page, '人员两万-一处改动.xlsx', touched);
    // A blank cell changes nothing: the fifty rows without a name speak of people who are there by now.
    assert.match(await preview(page), /新增 0 行，更新 1 行，无变化 19849 行；150 行有误/);
    await page.getByRole('button', { name: '不导入了' }).click();
    await told(page, '已放弃这次导入');
    for (const place of [0, 1, 100, 19_999]) {
      await page.goto(`/registers/person?q=${person(place).id_number}`);
      assert.equal(number((await page.locator('#results [data-status]').innerText()).split('共')[1]), 1, `person ${place} once`);
    }
    one = await page.locator('#results tbody th a').getAttribute('href');
  });

  house.step('meets another editor on one record', async () => {
    const other = await house.at('yangzhou-town', { script: false });
    assert.equal(await status(other, one), 200, 'the town keeps this person too');
    await page.goto(`${one}/edit`);
    await other.goto(`${one}/edit`);
    await other.getByLabel('联系电话').fill('13700000001');
    await other.getByLabel('住址').fill('叶挺东路 1 号');
    await other.getByRole('button', { name: '保存' }).click();
    await told(other, '已保存');
    await page.getByLabel('联系电话').fill('13700000002');
    const [answer] = await Promise.all([
      page.waitForResponse((got) => got.request().method() === 'POST'),
      page.getByRole('button', { name: '保存' }).click(),
    ]);
    assert.equal(answer.status(), 409);
    const met = page.locator('section', { has: page.getByRole('heading', { name: '两边不同的内容' }) });
    assert.deepEqual(await texts(met.locator('tbody td')), ['13700000001', '13700000002']);
    assert.equal(await page.getByLabel('联系电话').inputValue(), '13700000002', 'what was typed is kept');
    assert.equal(await page.getByLabel('住址').inputValue(), '叶挺东路 1 号', 'what the other typed is there');
    await page.getByRole('button', { name: '保存' }).click();
    await told(page, '已保存');
    const main = await page.locator('main').innerText();
    assert.match(main, /13700000002/);
    assert.match(main, /叶挺东路 1 号/);
    assert.match(main, /第 3 版/);
    await other.context().close();
  });
});
