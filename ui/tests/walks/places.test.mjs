// All five places in one server: each shows what its plan has, and says so where a plan gives no baseline.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { h1, number, story } from './desk.mjs';

const PACKS = path.resolve(import.meta.dirname, '../../../packs/cities');
const CITIES = fs.readdirSync(PACKS).filter((city) => fs.statSync(path.join(PACKS, city)).isDirectory()).sort();

/** What the files of a pack hold, counted by their heads. */
const packOf = (city) => {
  const folder = path.join(PACKS, city, fs.readdirSync(path.join(PACKS, city)).filter((name) => fs.statSync(path.join(PACKS, city, name)).isDirectory()).sort().at(-1));
  const read = (name) => (fs.existsSync(path.join(folder, name)) ? fs.readFileSync(path.join(folder, name), 'utf8') : '');
  const count = (name, key) => (read(name).match(new RegExp(`^\\[\\[${key}\\]\\]`, 'gm')) || []).length;
  const manifest = read('pack.toml');
  const value = (key) => manifest.match(new RegExp(`^${key} = "(.*)"`, 'm'))[1];
  const indicators = read('indicators.toml').split(/^\[\[indicator\]\]/m).slice(1);
  return {
    region: value('region'), name: value('display_name'), short: value('short_name'),
    indicators: indicators.length,
    // Forecasts, needs and what exists already are on the list and in no count of targets.
    targets: indicators.filter((one) => !/^nature = "(forecast|need|existing)"/m.test(one)).length,
    binding: indicators.filter((one) => /^attribute = "binding"/m.test(one)).length,
    noBaseline: indicators.filter((one) => !/^baseline|^\[indicator\.baseline\]/m.test(one) || /unclear = true/.test(one)).length,
    tasks: count('tasks.toml', 'task'), projects: count('projects.toml', 'project'),
    standards: count('standards.toml', 'standard'), entitlements: count('entitlements.toml', 'entitlement'),
  };
};

story('All five places', { cities: CITIES, people: 150 }, (house) => {
  house.step('the front page has a door to each, and each shows its promises', async () => {
    assert.equal(CITIES.length, 5);
    const page = await house.open('/');
    for (const city of CITIES) {
      const pack = packOf(city);
      const door = page.locator('section.band', { has: page.getByRole('heading', { name: pack.name }) });
      assert.match(await door.innerText(), new RegExp(`共 ${pack.targets} 项指标`));
      const place = await house.open(`/places/${pack.region}`);
      assert.equal(await h1(place).innerText(), pack.name);
      assert.ok(await place.locator('tr.item').count() > 0, `${city} shows its promises`);
      await place.goto(`/services?place=${pack.region}&want=meal`);
      assert.equal(await h1(place).innerText(), '找服务');
      await place.context().close();
    }
  });

  for (const city of CITIES) {
    house.step(`${city}: the plan's page counts what the pack has, and what has no baseline has no path`, async () => {
      const pack = packOf(city);
      const page = await house.at(`${city}-leader`, { path: '/plan' });
      const figure = (label) => page.locator('.figure').filter({ has: page.locator('.label', { hasText: new RegExp(`^\\s*${label}\\s*$`) }) });
      for (const [label, key] of [['指标', 'indicators'], ['任务', 'tasks'], ['项目', 'projects']]) {
        assert.equal(number(await figure(label).locator('.big').innerText()), pack[key], `${city} ${label}`);
      }
      for (const [label, key] of [['标准', 'standards'], ['待遇', 'entitlements']]) {
        assert.match(await figure(label).innerText(), new RegExp(`其中本方案 ${pack[key]} 条`), `${city} ${label}`);
      }
      assert.match(await figure('指标').innerText(), new RegExp(`约束性 ${pack.binding} 项`));
      await page.goto('/indicators');
      assert.equal(await page.locator('#results tr.item').count(), pack.indicators);
      assert.match(await page.locator('main').innerText(), new RegExp(`共 ${pack.targets} 项：`));
      const none = await page.locator('#results tr.item', { hasText: '无基期路径' }).count();
      assert.ok(none <= pack.noBaseline, `${city}: only what has no baseline has no path`);
      if (['yangpu', 'fuzhou'].includes(city)) assert.ok(none > 0, `${city} says 无基期路径`);
      await page.goto('/tasks');
      assert.match(await page.locator('main').innerText(), new RegExp(`${pack.tasks} 项`));
      for (const link of ['/leader', '/projects', '/wall', '/bulletin']) {
        assert.equal((await page.goto(link)).status(), 200, `${city} ${link}`);
        assert.equal(await h1(page).count(), 1);
      }
      await page.context().close();
    });
  }
});
