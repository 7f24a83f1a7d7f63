import { launch, signIn, visitor } from './browser.mjs';
const base = 'http://127.0.0.1:8080';
const browser = await launch();
const password = 'Zhaoxi-demo-2025';
const asWho = async (account) => visitor(browser, base, await signIn(browser, base, { account, password }));
const mzj = await asWho('yangzhou-mzj1');
const shot = async (visit, path, name, options = {}, act) => {
  const seen = await visit(path, options);
  if (act) await act(seen.page);
  await seen.page.screenshot({ path: `/work/shots/${name}.png`, fullPage: true });
  console.log(name, seen.status, seen.page.url(), seen.said.join('|'));
  const url = new URL(seen.page.url()).pathname;
  await seen.close();
  return url;
};
let visit = mzj;
let found;
await shot(visit, '/reports', 'reports', {}, async (page) => { found = await page.locator('a[href*="/report?"]').evaluateAll((all) => all.map((a) => a.getAttribute('href'))); });
console.log(found.slice(0, 3));
const report = await shot(visit, found[0], 'report-new', {}, async (page) => {
  await page.fill('[name=value]', '12');
  await page.fill('[name=evidence]', '三季度月报第 2 页');
  await page.click('main form.form button[type=submit]');
  await page.waitForLoadState('load');
});
console.log(report);
await shot(visit, report, 'report-own');
await shot(visit, report, 'report-390', { width: 390 });
await shot(visit, report, 'report-large', { size: 'xl' });
await shot(visit, report.replace('reports', 'cases'), 'case');
await shot(visit, report.replace('reports', 'cases'), 'case-390', { width: 390 });
const other = await asWho('yangzhou-mzj2').catch((e) => console.log(String(e)));
if (other) { await shot(other, '/work', 'work-other'); await shot(other, report, 'report-other'); await shot(other, report.replace('reports', 'cases'), 'case-other'); await shot(other, '/cases', 'cases-other'); }
await shot(visit, '/work', 'work');
await browser.close();
