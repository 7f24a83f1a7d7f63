// Pages of every desk through the gate. In full (axe at four sizes, a walk by keyboard, widths and large type, no scripts, valid
// HTML) one page of each kind: list, detail, form, preview, sheet of paper, wall, phone, public page. The others have the same
// parts and are looked at in brief: axe on a desk and on a phone, 320 px, large type, valid HTML.
import assert from 'node:assert/strict';
import path from 'node:path';
import { gate } from '../gate.mjs';
import { folder, packed } from './archive.mjs';
import { story, told } from './desk.mjs';
import { PASSWORD } from './server.mjs';

const OFFICER = 'yangzhou-mzj1';
const PLAN = path.resolve(import.meta.dirname, '../../../packs/cities/yangzhou/2022');
const BRIEF = { brief: true, only: ['axe', 'over', 'html'] };
const as = (login) => `${login}:${PASSWORD}`;

/** Looks at pages, and says all that is wrong with each. */
const look = async (house, pages) => {
  const { failures } = await gate({ base: house.base, pages, log: () => {} });
  const lines = failures.map(({ path, check, wrong }) => `${path} ${check}\n  ${[...new Set(wrong)].join('\n  ')}`);
  assert.equal(lines.length, 0, `\n${lines.join('\n')}`);
};

story('Every page passes the gate', { databases: ['sqlite'], people: 400 }, (house) => {
  const found = {};
  const opened = new Set();
  const page = (path, more = {}) => {
    opened.add(path.split('?')[0]);
    return { path, as: as(OFFICER), ...more };
  };

  house.step('there is something on every page: a proposal, a notice, a file with a bad row', async () => {
    const desk = await house.at(OFFICER);
    const first = async (path, selector) => {
      await desk.goto(path);
      return desk.locator(selector).first().getAttribute('href');
    };
    found.late = await first('/indicators?status=late&attribute=binding', '#results tr.item th a');
    found.none = await first('/indicators?status=not_computable', '#results tr.item th a');
    found.form = await first('/reports', 'a[href*="/report?"]');
    await desk.goto(found.form);
    await desk.getByLabel('本期值').fill('3');
    await desk.getByLabel('佐证材料').fill('月报第 2 页');
    await desk.getByRole('button', { name: '提交审签' }).click();
    await told(desk, '已提交');
    found.report = new URL(desk.url()).pathname;
    found.rows = await first(found.late, 'a[href*="/rows"]');
    found.notice = await first(`/supervision/new?subject=indicator:${found.late.split('/')[2].split('?')[0]}`, 'form[action] a');
    await desk.getByLabel('承办单位').selectOption({ label: '民政局' });
    await desk.getByRole('button', { name: '发出督办' }).click();
    await told(desk, '督办已发出');
    found.notice = new URL(desk.url()).pathname;
    found.task = await first('/tasks', '#results tr.item th a');
    found.project = await first('/projects', '#results tr.item th a');
    found.person = await first('/registers/person', '#results tbody th a');
    found.facility = await first('/registers/facility', '#results tbody th a');
    found.household = await first('/registers/household', '#results tbody th a');
    found.region = await first('/regions?kind=county', '#results tbody th a');
    found.department = await first('/departments?q=民政', '#results tbody th a');
    found.document = await first('/registers/facility_document', '#results tbody th a');
    found.archive = `${(await first(found.document, 'dd a[href^="/registers/facility/records/"]')).replace('/registers/facility/records', '/facilities')}/archive`;

    const clerk = await house.at('yangzhou-town');
    await clerk.goto('/registers/monthly_visit/import');
    const rows = ['所在区划,探访对象,探访日期,探访人,探访方式,探访结果,情况说明', '安宜镇,查无此人,2025-09-31,沈燕,上门,正常,'];
    await clerk.getByLabel('填好的表格').setInputFiles({ name: '坏行.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
    await clerk.getByRole('button', { name: '上传并检查' }).click();
    await clerk.waitForURL(/\/import\/[0-9a-f-]{36}$/);
    found.preview = new URL(clerk.url()).pathname;
    await clerk.goto('/registers/person');
    found.visit = `/field/visits/${(await clerk.locator('#results tbody th a').first().getAttribute('href')).split('/').at(-1)}`;
    const county = await house.at('yangzhou-county');
    await county.goto('/cases');
    found.case = await county.locator('tr.item th a').first().getAttribute('href');
    const system = await house.at('sysadmin');
    await system.goto('/admin/packs');
    const files = folder(PLAN).map(([name, bytes]) => [name, name === 'indicators.toml' ? Buffer.from(bytes.toString().replace('value = 18\nreading', 'value = 19\nreading')) : bytes]);
    await system.getByLabel('压缩好的方案包').setInputFiles({ name: '方案.zip', mimeType: 'application/zip', buffer: packed(files) });
    await system.getByRole('button', { name: '上传并检查' }).click();
    await system.waitForURL(/\/admin\/packs\/[0-9a-f-]{36}$/);
    found.pack = new URL(system.url()).pathname;
    for (const one of [desk, clerk, county, system]) await one.context().close();
  });

  house.check('pages for everybody', () => look(house, [
    { path: '/', public: true }, { path: '/services?want=day', public: true },
    ...['/login', '/accessibility', '/places/321000000000', '/services', '/services/help'].map((path) => ({ path, public: true, ...BRIEF })),
    { path: '/no-such-page', status: 404, public: true, ...BRIEF },
  ]));

  house.check('the plan watched: lists', () => look(house, [
    page('/indicators'), page('/leader', { as: as('yangzhou-leader') }), page('/wall', { as: as('yangzhou-leader') }),
    page('/bulletin?period=2025-Q3'), page('/projects'), page('/walking'),
    ...['/indicators?status=late&attribute=binding', '/tasks', '/supervision', '/reports', '/reports?show=all', '/closing'].map((path) => page(path, BRIEF)),
  ]));

  house.check('the plan watched: one thing', () => look(house, [
    page(found.late), page(found.form), page(found.task),
    ...[found.none, found.rows, found.report, found.notice, found.project, `${found.task.split('?')[0]}/progress`, `${found.task.split('?')[0]}/steps/new`,
      `/supervision/new?subject=${encodeURIComponent(`task:${found.task.split('/')[2].split('?')[0]}`)}`,
      '/bulletin/publish?period=2025-Q3', '/closing/2024/close'].map((path) => page(path, BRIEF)),
  ]));

  house.check('the plan as it is written', () => look(house, ['', '/parameters', '/standards', '/entitlements', '/contradictions', '/departments', '/sources'].map((path) => page(`/plan${path}`, BRIEF))));

  house.check('registers', () => look(house, [
    page('/registers/person'), page(`${found.person}/edit`), page(found.preview, { as: as('yangzhou-town') }),
    page(found.document), page(found.archive),
    ...['/registers', '/registers/person?f.sex=男&q=不存在的人', found.person, `${found.person}/remove`, found.facility, found.household, '/registers/monthly_visit/import',
      '/registers/person/print', '/registers/facility/new', '/registers/meal_point/new', '/registers/monthly_visit/new',
      `${found.person}/merge`, `${found.person}/transfer`, `${found.person}/consents`, `${found.person}/rights`, '/erasures'].map((path) => page(path, BRIEF)),
  ]));

  house.check('regions and departments', () => look(house, [
    page('/regions'), page('/departments'), page(found.region), page(found.department),
    ...['/regions?q=没有这样的地方', '/regions?kind=town&on=2020-01-01', '/regions/print', '/departments?state=all&level=county', '/departments/print',
      `${found.region}?on=1990-01-01`].map((path) => page(path, BRIEF)),
    ...['/regions', '/departments', found.department].map((path) => page(path, { as: as('secadmin'), ...BRIEF })),
    page('/regions', { as: as('sysadmin'), ...BRIEF }),
  ]));

  house.check('cases, and what is one’s own work', () => look(house, [
    page('/work', { as: as('yangzhou-county') }), page(found.case, { as: as('yangzhou-county') }), page('/cases', { as: as('yangzhou-county'), ...BRIEF }),
    page('/cases', { as: as('yangzhou-town'), ...BRIEF }),
    page('/case-kinds/complaint/start', { as: as('yangzhou-town'), ...BRIEF }),
    page('/work', BRIEF), page('/institution', { as: as('yangzhou-home1'), ...BRIEF }),
  ]));

  house.check('the clerk in the field, one’s own account, search, the administrators', () => look(house, [
    page(found.visit, { as: as('yangzhou-town') }), page('/admin/accounts', { as: as('secadmin') }),
    page('/field', { as: as('yangzhou-field') }), page('/admin/accounts/new', { as: as('secadmin'), ...BRIEF }),
    page('/admin/audit', { as: as('auditadmin'), ...BRIEF }), page('/admin/self-check', { as: as('secadmin') }), page('/admin/erasures', { as: as('secadmin'), ...BRIEF }), page('/admin/system', { as: as('sysadmin'), ...BRIEF }),
    page('/admin/packs', { as: as('sysadmin') }), page(found.pack, { as: as('sysadmin') }),
    ...['/account', '/account/password', '/account/second', '/search?q=床位', '/search?q=没有这样的东西'].map((path) => page(path, BRIEF)),
    page('/admin/accounts', { status: 403, ...BRIEF }),
  ]));

  house.check('no page of a desk’s navigation was left out', async () => {
    for (const login of [OFFICER, 'yangzhou-leader', 'yangzhou-town', 'yangzhou-home1', 'secadmin', 'auditadmin', 'sysadmin']) {
      const desk = await house.at(login);
      const links = await desk.getByRole('navigation', { name: '栏目', exact: true }).getByRole('link').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      for (const link of links) assert.ok(opened.has(link.split('?')[0]), `${login}: ${link}`);
      await desk.context().close();
    }
  });
});
