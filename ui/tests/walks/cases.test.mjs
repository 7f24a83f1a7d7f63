// A manager files her institution, is sent back with a reason, comes again and is filed; a clerk takes an elder's home
// through its retrofit; what is late is red and says so; what is elsewhere is not there.
import assert from 'node:assert/strict';
import { go, h1, status, story, texts, told } from './desk.mjs';

const MANAGER = 'yangzhou-home1';
const OFFICER = 'yangzhou-county';
const CLERK = 'yangzhou-town';

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n');

const handIn = async (page, label, name = `${label}.pdf`) => {
  await page.getByLabel('材料种类').selectOption({ label });
  await page.getByLabel('文件', { exact: true }).setInputFiles({ name, mimeType: 'application/pdf', buffer: PDF });
  await page.getByRole('button', { name: '上传', exact: true }).click();
  await told(page, '材料已上传');
};

const press = async (page, move, fill = {}) => {
  await page.getByRole('link', { name: move, exact: true }).click();
  for (const [label, text] of Object.entries(fill)) await page.getByLabel(label).fill(text);
  await page.getByRole('button', { name: move, exact: true }).click();
};

/** The buttons of a case's page: moves that the reader may make. */
const moves = (page) => texts(page.locator('section', { has: page.getByRole('heading', { name: '办理', exact: true }) }).locator('.row a'));

const tag = (row) => row.locator('[data-l=期限]').innerText();

story('A case goes its way', { people: 400 }, (house) => {
  let manager;
  let officer;
  let clerk;
  let path;
  let retrofit;

  house.step('an institution has a desk of its own: its record and its cases', async () => {
    manager = await house.at(MANAGER);
    assert.equal(await h1(manager).innerText(), '我的工作');
    await go(manager, '本机构');
    assert.match(await manager.locator('main').innerText(), /养老机构/);
    assert.deepEqual(await texts(manager.getByRole('navigation', { name: '栏目', exact: true }).getByRole('link')).then((all) => all.map((one) => one.replace(/ .*/, ''))), ['我的工作', '办件', '本机构']);
    for (const elsewhere of ['/registers/person', '/indicators', '/admin/accounts', '/leader']) {
      assert.equal(await status(manager, elsewhere), 403, elsewhere);
    }
  });

  house.step('a manager files: what is missing is said at once, what is handed in is kept', async () => {
    await manager.getByRole('link', { name: '养老机构备案' }).first().click();
    assert.ok(await manager.getByLabel('备案机构').getAttribute('readonly') !== null, 'her own institution stands there');
    await manager.getByLabel('备案事由').selectOption('首次备案');
    await manager.getByLabel('法定代表人或负责人').fill('陈国强');
    await manager.getByLabel('联系电话').fill('12');
    await manager.getByLabel('床位数').fill('80');
    await manager.getByLabel('服务范围').fill('收住自理和失能老年人');
    await manager.getByRole('button', { name: '登记', exact: true }).click();
    assert.match(await manager.locator('[data-error-summary]').innerText(), /联系电话/);
    await manager.getByLabel('联系电话').fill('13800138000');
    await manager.getByRole('button', { name: '登记', exact: true }).click();
    await told(manager, '已登记');
    path = new URL(manager.url()).pathname;
    await press(manager, '提交备案');
    const said = await manager.locator('[data-error-summary]').innerText();
    for (const paper of ['备案申请书', '养老机构登记证书', '承诺书']) assert.ok(said.includes(paper), paper);
    await manager.goto(path);
    for (const paper of ['备案申请书', '养老机构登记证书', '承诺书']) await handIn(manager, paper);
    await manager.getByLabel('材料种类').selectOption({ label: '承诺书' });
    await manager.getByLabel('文件', { exact: true }).setInputFiles({ name: '假的.pdf', mimeType: 'application/pdf', buffer: Buffer.from('<html>') });
    await manager.getByRole('button', { name: '上传', exact: true }).click();
    await told(manager, '材料没有上传');
    await press(manager, '提交备案');
    await told(manager, '已办：提交备案');
    assert.deepEqual(await moves(manager), ['撤回']);
    // 30 September: five working days over the holiday, with the worked Saturday, end on 14 October.
    assert.match(await manager.locator('main').innerText(), /2025-10-14 到期，还有 5 个工作日/);
  });

  house.step('an officer sends it back with a reason; somebody of another town sees nothing', async () => {
    officer = await house.at(OFFICER, { path: '/work' });
    await officer.goto(path);
    assert.deepEqual(await moves(officer), ['出具备案回执', '退回补正', '不予备案']);
    await press(officer, '退回补正');
    assert.match(await officer.locator('[data-error-summary]').innerText(), /原因/);
    await officer.getByLabel('原因').fill('承诺书没有盖章，请盖章后重新上传');
    await officer.getByRole('button', { name: '退回补正', exact: true }).click();
    await told(officer, '已办：退回补正');
    const health = await house.at('yangzhou-wjw1', { path: '/work' });
    await health.goto(path);
    assert.deepEqual(await moves(health), [], 'another bureau sees it and cannot move it');
    const leader = await house.at('yangzhou-leader', { path: '/work' });
    assert.equal(await status(leader, path), 200);
    clerk = await house.at(CLERK, { path: '/work' });
    const id = path.split('/').at(-1);
    const mine = (await clerk.request.get(`/api/v1/cases/${id}`)).status();
    const town = (await (await officer.request.get(`/api/v1/cases/${id}`)).json()).region;
    const own = (await (await clerk.request.get('/api/v1/registers/person?count=0')).json()).items[0].region;
    if (!town.startsWith(own.slice(0, 9))) {
      assert.equal(mine, 404, 'by the id of the interface');
      assert.equal(await status(clerk, path), 404, 'by the address');
    }
  });

  house.step('the manager reads the reason, comes again and is filed', async () => {
    await manager.goto('/work');
    const row = manager.locator('tbody tr').filter({ hasText: '待补正' });
    assert.match(await tag(row), /期限内/);
    await row.getByRole('link').click();
    assert.match(await manager.locator('main').innerText(), /退回补正：承诺书没有盖章/);
    await handIn(manager, '承诺书', '承诺书盖章.pdf');
    await press(manager, '提交备案', { 床位数: '82' });
    await told(manager, '已办：提交备案');
    await officer.goto(path);
    await press(officer, '出具备案回执', { 备案回执编号: '宝民备〔2025〕12号' });
    await told(officer, '已办：出具备案回执');
    assert.match(await officer.locator('main').innerText(), /已备案/);
    await manager.goto('/institution');
    assert.match(await manager.locator('main').innerText(), /备案日期\s*2025-09-30/);
    // The worker comes every three seconds.
    await manager.waitForTimeout(4_000);
    await manager.goto('/inbox');
    const notices = await texts(manager.locator('tbody th'));
    assert.ok(notices.some((one) => one.includes('退回补正')) && notices.some((one) => one.includes('已备案')), notices.join('；'));
    await manager.getByRole('link', { name: /出具备案回执/ }).first().click();
    assert.equal(new URL(manager.url()).pathname, path);
  });

  house.step('what is over its deadline is red, says so, and stands first', async () => {
    await officer.goto('/work');
    const rows = officer.locator('tbody tr');
    assert.match(await tag(rows.first()), /已超期/);
    assert.equal(await rows.first().locator('.t-late').count(), 1, 'with the colour of what is late');
    assert.match(await rows.first().locator('[data-l=到期]').innerText(), /已超 \d+ 个工作日|已过期/);
    const words = (await texts(rows.locator('[data-l=期限]'))).map((one) => one.trim());
    const order = ['已超期', '快到期', '期限内', '无期限'];
    const ranks = words.map((word) => order.indexOf(word));
    assert.ok(ranks.every((rank, at) => rank >= 0 && (at === 0 || ranks[at - 1] <= rank)), words.join('、'));
    await officer.getByRole('link', { name: /已超期/ }).first().click();
    for (const word of await texts(officer.locator('tbody tr [data-l=期限]'))) assert.equal(word.trim(), '已超期');
  });

  house.step('a clerk takes a home through its retrofit, to a row of the register', async () => {
    await clerk.goto('/registers/person');
    const person = (await clerk.locator('#results tbody th a').first().getAttribute('href')).split('/').at(-1);
    await clerk.goto('/case-kinds/home_retrofit_application/start');
    await clerk.getByLabel('改造对象').fill(person);
    await clerk.getByLabel('户号').fill('H-9001');
    await clerk.getByLabel('对象类别').selectOption('特殊困难老年人家庭');
    await clerk.getByLabel('改造需求').fill('卫生间扶手、防滑');
    await clerk.getByRole('button', { name: '登记', exact: true }).click();
    await told(clerk, '已登记');
    retrofit = new URL(clerk.url()).pathname;
    for (const paper of ['申请书', '改造前照片']) await handIn(clerk, paper);
    await press(clerk, '报县级审核');
    await officer.goto(retrofit);
    await press(officer, '同意改造', { 核定费用: '3500' });
    await clerk.goto(retrofit);
    await handIn(clerk, '改造后照片');
    await press(clerk, '报完工', { 改造项数: '4', 完工日期: '2025-09-30', 改造费用: '3400' });
    await officer.goto(retrofit);
    await press(officer, '验收合格', { 补贴金额: '3000' });
    await told(officer, '已办：验收合格');
    await officer.locator('section[aria-labelledby=h-do]').getByRole('link', { name: '居家适老化改造', exact: true }).click();
    assert.match(await officer.locator('main').innerText(), /H-9001/, 'the case leads to the row that it wrote');
    await clerk.goto('/registers/home_retrofit?q=H-9001');
    const row = clerk.locator('#results tbody tr');
    assert.equal(await row.count(), 1);
    assert.match(await row.innerText(), /验收合格/);
  });

  house.step('all of it works without scripts, and on a phone', async () => {
    const bare = await house.at(OFFICER, { path: '/cases', script: false, width: 390, height: 844 });
    await bare.getByLabel('期限').selectOption('late');
    await bare.getByRole('button', { name: '筛选' }).click();
    const rows = bare.locator('#results tbody tr');
    assert.ok(await rows.count() > 0);
    await rows.first().getByRole('link').first().click();
    assert.ok((await moves(bare)).length > 0);
    assert.ok(await bare.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth + 1), 'nothing hangs over the edge');
  });
});
