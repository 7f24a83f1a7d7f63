// The system administrator adopts a pack while the server runs: one that is wrong comes back with all that is wrong, one that is
// right is looked at, adopted without scripts, and at once in use; what somebody else adopted meanwhile makes a look out of date.
import assert from 'node:assert/strict';
import path from 'node:path';
import { found } from '../checks.mjs';
import { folder, packed } from './archive.mjs';
import { go, h1, story, texts, told } from './desk.mjs';

const PLAN = path.resolve(import.meta.dirname, '../../../packs/cities/yangzhou/2022');
const REGISTER = `key = "evening"
label = "晚间课堂"
group = "居家社区"
source = "三（四）21"
list = ["name"]
title = "name"

[[field]]
key = "name"
label = "课堂名称"
kind = "text"
required = true
`;

/** The plan that comes with the program with texts of its files replaced, in a folder as a person packs it. */
const plan = (edits, more = []) => {
  const files = folder(PLAN).map(([name, bytes]) => {
    const mine = edits.filter(([file]) => file === name);
    return [name, mine.reduce((text, [, from, to]) => Buffer.from(text.toString().replace(from, to)), bytes)];
  });
  return packed([...files, ...more].map(([name, bytes]) => [`扬州/${name}`, Buffer.from(bytes)]));
};
const target = (value) => ['indicators.toml', 'value = 18\nreading', `value = ${value}\nreading`];

const send = async (page, buffer) => {
  await page.goto('/admin/packs');
  await page.getByLabel('压缩好的方案包').setInputFiles({ name: '扬州.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: '上传并检查' }).click();
};

story('A pack adopted on a page', { people: 200 }, (house) => {
  let admin;

  house.step('a pack that is wrong comes back with all that is wrong, each with its place', async () => {
    admin = await house.at('sysadmin');
    await go(admin, '方案包');
    assert.equal(await h1(admin).innerText(), '方案包');
    await send(admin, plan([['pack.toml', 'short_name', 'short_nam'], ['indicators.toml', 'attribute = "binding"', 'attribute = "bindin"']]));
    await admin.locator('[data-error-summary]').filter({ hasText: '没有收下' }).waitFor();
    const rows = await texts(admin.getByRole('table', { name: '方案包里的问题' }).locator('tr.item'));
    assert.ok(rows.some((row) => /pack\.toml.*第 \d+ 行.*short_nam/.test(row)), rows.join('\n'));
    assert.ok(rows.some((row) => /indicators\.toml.*第 34 行.*bindin/.test(row)), rows.join('\n'));
    assert.deepEqual(await found(admin), [], 'axe, on the page with problems');
    await admin.setViewportSize({ width: 390, height: 844 });
    assert.deepEqual(await found(admin), [], 'axe, on a phone');
    assert.ok(await admin.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'no sideways scrolling');
    await admin.setViewportSize({ width: 1440, height: 900 });
    await send(admin, Buffer.from('Rar!'));
    await admin.locator('[data-error-summary]').filter({ hasText: '这不是 zip 压缩包' }).waitFor();
  });

  house.step('one that is right is looked at and adopted, without scripts', async () => {
    const plain = await house.at('sysadmin', { script: false });
    await send(plain, plan([target(96)], [['registers/evening.toml', REGISTER]]));
    await plain.getByRole('heading', { name: '这份方案包' }).waitFor();
    const changes = await texts(plain.locator('tr.item'));
    assert.ok(changes.some((row) => /老年人接受居家上门服务覆盖率.*改动.*目标（2025）：18.*96/.test(row)), changes.join('\n'));
    assert.ok(changes.some((row) => /晚间课堂.*新增/.test(row)), changes.join('\n'));
    await plain.getByRole('button', { name: '采用这份方案包' }).click();
    await told(plain, '现在就按它执行');
    await plain.locator('tr.item').filter({ hasText: '不再执行' }).waitFor();
    await plain.context().close();
  });

  house.step('it is in use at once: its register, its target', async () => {
    const officer = await house.at('yangzhou-mzj1');
    await officer.goto('/registers');
    await officer.getByRole('link', { name: '晚间课堂' }).first().click();
    await h1(officer).filter({ hasText: '晚间课堂' }).waitFor();
    await officer.goto('/indicators/yangzhou.02');
    assert.match(await officer.locator('main').innerText(), /96/);
    await officer.context().close();
  });

  house.step('two administrators: who looked first looks again', async () => {
    await send(admin, plan([target(41)]));
    await admin.getByRole('button', { name: '采用这份方案包' }).waitFor();
    const other = await house.at('sysadmin', { path: '/admin/packs' });
    // The same person, twice: what was looked at on the one page is replaced and adopted on the other.
    await send(other, plan([target(42)]));
    await other.getByRole('button', { name: '采用这份方案包' }).click();
    await told(other, '现在就按它执行');
    await admin.getByRole('button', { name: '采用这份方案包' }).click();
    await told(admin, '已不在待采用之列');
    await send(admin, plan([target(43)]));
    await admin.getByRole('button', { name: '不采用了' }).click();
    await told(admin, '已放弃这份方案包');
    await other.context().close();
  });
});
