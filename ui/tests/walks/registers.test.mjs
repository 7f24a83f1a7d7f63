// What a list can do, without scripts: points imported in a stated system and seen on a map, a view saved and exported, one field of many
// records changed, a person who may be there already.
import assert from 'node:assert/strict';
import { excelRows } from './archive.mjs';
import { download, h1, number, story, told } from './desk.mjs';
import { filled } from './sheet.mjs';

const COUNTY = 'yangzhou-county';
const POINTS = 40;
/** A number that nobody has: its day of birth and sex are those of the person below. */
const NUMBER = '321023193102030010';

const attach = async (page, register, name, rows, crs) => {
  await page.goto(`/registers/${register}/import`);
  const template = await download(page, page.getByRole('link', { name: 'Excel 模板' }).click());
  const [keys] = excelRows(template.bytes);
  const typed = rows.map((row) => keys.map((key) => row[key] ?? ''));
  await page.getByLabel('填好的表格').setInputFiles({ name, mimeType: 'application/octet-stream', buffer: filled(template.bytes, typed) });
  if (crs) await page.getByLabel(crs).check();
  await page.getByRole('button', { name: '上传并检查' }).click();
};

const counted = async (page) => {
  const text = await page.locator('#results [data-status]').first().innerText();
  return text.includes('共') ? number(text.split('共')[1]) : 0;
};

story('What a list can do', { people: 400 }, (house) => {
  let page;
  let person;

  house.step('imports points in a stated system', async () => {
    page = await house.at(COUNTY, { script: false });
    const rows = Array.from({ length: POINTS }, (_, at) => ({
      region: '安宜镇', name: `试用助餐点${at}`, kind: at % 2 ? '老年食堂' : '送餐点', address: `试用路 ${at} 号`, status: '运营',
      daily_meals: String(at), longitude: (119.30 + (at % 8) * 0.01).toFixed(6), latitude: (33.22 + Math.floor(at / 8) * 0.01).toFixed(6),
    }));
    await attach(page, 'meal_point', '助餐点.xlsx', rows);
    assert.match(await page.locator('[data-error-summary]').innerText(), /请说明是哪种坐标系/);
    await attach(page, 'meal_point', '助餐点.xlsx', rows, 'GCJ-02（高德、腾讯地图）');
    assert.match(await page.locator('main').innerText(), /坐标按 GCJ-02 换算/);
    await page.getByRole('button', { name: `确认导入 ${POINTS} 行` }).click();
    await told(page, `新增 ${POINTS} 条`);
  });

  house.step('sees them on a map, goes closer, and comes to one', async () => {
    await page.goto('/registers/meal_point');
    await page.getByRole('link', { name: '地图', exact: true }).click();
    assert.match(await page.locator('.page-head').innerText(), new RegExp(`${POINTS} 处有坐标，0 处没有坐标`));
    for (let closer = 0; closer < 6; closer += 1) {
      const many = page.locator('svg.points a:has(.points-many)');
      if (await many.count() === 0) break;
      await page.goto(await many.first().getAttribute('href'));
    }
    await page.goto(await page.locator('svg.points a').first().getAttribute('href'));
    assert.match(await h1(page).innerText(), /试用助餐点/);
  });

  house.step('saves a view; list, print and export follow it', async () => {
    await page.goto('/registers/meal_point?f.kind=老年食堂&sort=-daily_meals&col=name&col=daily_meals');
    await page.getByText('保存为视图').click();
    await page.getByLabel('视图名称').fill('食堂按供餐');
    await page.getByLabel('给本单位的同事用').check();
    await page.getByRole('button', { name: '保存视图' }).click();
    await told(page, '已保存视图：食堂按供餐');
    await page.goto('/registers/meal_point');
    assert.equal(await counted(page), POINTS);
    await page.getByRole('navigation', { name: '视图' }).getByRole('link', { name: '食堂按供餐（共享）' }).click();
    assert.equal(await counted(page), POINTS / 2);
    assert.match(await page.locator('#results tbody tr').first().innerText(), /试用助餐点39/);
    const sheet = excelRows((await download(page, page.getByRole('link', { name: '导出Excel' }).click())).bytes);
    const heads = sheet.findIndex((row) => row.includes('助餐点名称'));
    assert.deepEqual(sheet[heads], ['所在区划', '助餐点名称', '日均供餐（份）', '数据来源']);
    assert.deepEqual(sheet.slice(heads + 1).map((row) => row[2]), Array.from({ length: POINTS / 2 }, (_, at) => String(POINTS - 1 - 2 * at)));
  });

  house.step('changes one field of chosen records, and of all that match', async () => {
    const boxes = page.locator('#results input[name=id]');
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    await page.getByRole('button', { name: '修改选中的登记' }).click();
    assert.match(await page.locator('.page-head').innerText(), /选中的登记共 2 条/);
    await page.getByLabel('要改的栏目').selectOption({ label: '状态' });
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('状态改为').selectOption('暂停');
    await page.getByRole('button', { name: '预览' }).click();
    assert.match(await page.locator('[data-error-summary]').innerText(), /请填写修改的原因/);
    await page.getByLabel('修改原因').fill('设备检修');
    await page.getByRole('button', { name: '预览' }).click();
    assert.match(await page.locator('main').innerText(), /将修改 2 条；0 条已是这个内容；0 条不能改/);
    await page.getByRole('button', { name: '确认修改 2 条' }).click();
    await told(page, '批量修改完成：修改 2 条');
    await page.goto('/registers/meal_point?f.kind=老年食堂');
    await page.getByRole('button', { name: '修改全部符合条件的登记' }).click();
    await page.getByLabel('要改的栏目').selectOption({ label: '状态' });
    await page.getByRole('button', { name: '下一步' }).click();
    await page.getByLabel('状态改为').selectOption('暂停');
    await page.getByLabel('修改原因').fill('设备检修');
    await page.getByRole('button', { name: '预览' }).click();
    await page.getByRole('button', { name: `确认修改 ${POINTS / 2 - 2} 条` }).click();
    await page.goto('/registers/meal_point?f.status=暂停');
    assert.equal(await counted(page), POINTS / 2);
    await page.locator('#results tbody th a').first().click();
    assert.match(await page.locator('main').innerText(), /批量修改：设备检修/);
  });

  house.step('is asked about a person who may be there already', async () => {
    const person = (phone) => ({ region: '安宜镇', name: '史试秋', sex: '男', birth_date: '1931-02-03', phone });
    await attach(page, 'person', '甲.xlsx', [person('13900000001')]);
    await page.getByRole('button', { name: '确认导入 1 行' }).click();
    await told(page, '新增 1 条');
    await attach(page, 'person', '乙.xlsx', [person('13900000002')]);
    const asked = page.locator('section', { has: page.getByRole('heading', { name: '可能已经登记过的人' }) });
    assert.match(await asked.innerText(), /可能与已登记的“史试秋”（1931-02-03，.*）是同一人/);
    assert.equal(await page.getByRole('button', { name: /确认导入/ }).count(), 0);
    await asked.getByRole('button', { name: '是，更新' }).click();
    await told(page, '已选定 1 行：更新已有登记');
    await page.getByRole('button', { name: '确认导入 1 行' }).click();
    await told(page, '新增 0 条，更新 1 条');
    await page.goto('/registers/person?q=史试秋');
    assert.equal(await counted(page), 1);
  });

  house.step('types a person by hand, is asked who it is, and chooses whom a visit was to', async () => {
    const place = async () => {
      const region = page.locator('[name=region]');
      if (await region.evaluate((input) => input.tagName) === 'SELECT') await region.selectOption({ label: '安宜镇' });
      else await region.fill('安宜镇');
    };
    await page.goto('/registers/person/new');
    await place();
    await page.locator('[name=name]').fill('史试秋');
    await page.locator('[name=sex]').selectOption('男');
    await page.locator('[name=birth_date]').fill('1931-02-03');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    assert.match(await page.locator('[data-error-summary]').innerText(), /可能已经登记过/);
    assert.match(await page.locator('main').innerText(), /史试秋 · 男 · 1931-02-03 · /);
    await page.locator('[name=name]').fill('史试冬');
    await page.locator('[name=birth_date]').fill('1932-03-04');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await told(page, '已登记：史试冬');
    const winter = await page.locator('[data-record-id]').innerText();
    await page.goto('/registers/monthly_visit/new');
    await place();
    await page.locator('[name=person]').fill('史试');
    await page.locator('[name=visitor]').fill('社工甲');
    await page.locator('[name=visited_on]').fill('2099-01-01');
    await page.getByRole('button', { name: '登记', exact: true }).click();
    assert.match(await page.locator('[data-error-summary]').innerText(), /探访日期不能晚于今天/);
    await page.getByLabel(/史试冬 · 男 · 1932-03-04/).check();
    await page.locator('[name=visited_on]').fill('2025-01-02');
    await page.locator('[name=mode]').selectOption({ index: 1 });
    await page.locator('[name=outcome]').selectOption({ index: 1 });
    await page.getByRole('button', { name: '登记', exact: true }).click();
    await told(page, '已登记：史试冬');
    await page.goto(`/registers/person/records/${winter}`);
    const related = page.locator('section', { has: page.getByRole('heading', { name: '相关登记' }) });
    assert.match(await related.innerText(), /1 条/);
    await page.goto(`/registers/person/records/${winter}/remove`);
    assert.match(await page.locator('main').innerText(), /引用它的登记：.* 1 条/);
    await page.getByLabel('移出原因').fill('移错的人');
    await page.getByRole('button', { name: '移出登记簿' }).click();
    await page.goto(`/registers/person/records/${winter}`);
    await page.getByText('恢复这条登记').click();
    await page.getByLabel('恢复原因').fill('移错了');
    await page.getByRole('button', { name: '恢复到登记簿' }).click();
    await told(page, '已恢复到登记簿');
    await page.goto('/registers/person?q=史试秋');
  });

  house.step('looks at a hidden value for a purpose, and on a consent while it holds', async () => {
    await page.locator('#results tbody th a').first().click();
    person = new URL(page.url()).pathname;
    await page.goto(`${person}/edit`);
    await page.getByLabel('证件号').fill(NUMBER);
    await page.getByRole('button', { name: '保存' }).click();
    const look = async (purpose) => {
      await page.goto(person);
      const hidden = page.locator('details', { hasText: '查看完整内容：证件号' });
      await hidden.locator('summary').click();
      await hidden.getByLabel('查看用途').selectOption({ label: purpose });
      await hidden.getByRole('button', { name: '查看' }).click();
      return page.locator('main').innerText();
    };
    assert.match(await look('核对、更正登记（法定职责）'), new RegExp(NUMBER));
    assert.match(await look('上门服务（须本人同意）'), /没有登记过本人的同意/);
    await page.goto(person);
    await page.getByRole('link', { name: '同意', exact: true }).click();
    await page.getByLabel('用途').selectOption('上门服务');
    await page.getByLabel('由谁作出').selectOption('本人');
    await page.getByLabel('同意日期').fill('2025-01-01');
    await page.getByLabel('方式').selectOption('书面');
    await page.getByRole('button', { name: '登记同意' }).click();
    await told(page, '已登记同意');
    assert.match(await look('上门服务（须本人同意）'), new RegExp(NUMBER));
    await page.goto(`${person}/consents`);
    await page.getByRole('button', { name: '撤回' }).click();
    await told(page, '已撤回');
    assert.match(await look('上门服务（须本人同意）'), /同意已经撤回/);
    assert.match(await look('紧急救助（紧急情况）'), /要写明是什么情况/);
  });

  house.step('hands the person a copy, and has everything about them deleted by another', async () => {
    await page.goto(`${person}/rights`);
    const card = (name) => page.locator('section', { has: page.getByRole('heading', { name }) });
    await card('给一份副本').getByLabel('由谁提出').fill('本人');
    await card('给一份副本').getByLabel('理由和核对身份的办法').fill('当面核对了身份证');
    const copy = excelRows((await download(page, card('给一份副本').getByRole('button', { name: '下载 Excel' }).click())).bytes);
    assert.ok(copy.flat().includes(NUMBER), '副本里没有证件号');
    await card('要求删除').getByLabel('由谁提出').fill('本人');
    await card('要求删除').getByLabel('理由和核对身份的办法').fill('撤回同意，当面核对了身份证');
    await card('要求删除').getByRole('button', { name: '提请删除' }).click();
    await told(page, '已提请删除 2 条登记，等安全管理员确认');
    const security = await house.at('secadmin', { script: false });
    await security.getByRole('link', { name: '删除的确认' }).click();
    assert.doesNotMatch(await security.locator('main').innerText(), /史试秋/);
    await security.getByRole('button', { name: '确认执行' }).click();
    await told(security, '已删除 2 条');
    assert.equal((await page.goto(person)).status(), 404);
    await page.goto('/registers/person?q=史试秋');
    assert.equal(await counted(page), 0);
  });
});
