// The administrators, kept apart: one makes an account whose holder must choose a password, another reads the trail and
// verifies it, the third sees the system. A change made behind the program's back is found.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { go, h1, status, story, told } from './desk.mjs';

const LOGIN = 'zhao.min';
const CHOSEN = 'Zaochen-ba-dian-2025';

story('Accounts and the audit trail', { people: 200 }, (house) => {
  let security;
  let oneTime;
  let holder;

  const signIn = async (page, password) => {
    await page.goto('/login');
    await page.getByRole('textbox', { name: '账号' }).fill(LOGIN);
    await page.getByRole('textbox', { name: '密码' }).fill(password);
    await page.getByRole('button', { name: '登录' }).click();
  };

  house.step('the three are kept apart', async () => {
    security = await house.at('secadmin');
    assert.equal(new URL(security.url()).pathname, '/admin/accounts');
    for (const path of ['/admin/audit', '/admin/system', '/indicators', '/registers/person']) assert.equal(await status(security, path), 403, path);
    const system = await house.at('sysadmin');
    assert.match(await h1(system).innerText(), /系统/);
    assert.equal(await status(system, '/admin/accounts'), 403);
  });

  house.step('the security administrator makes an account', async () => {
    await security.getByRole('link', { name: '新建账号' }).click();
    await security.getByLabel('登录名').fill(LOGIN);
    await security.getByLabel('姓名').fill('赵敏');
    await security.getByRole('button', { name: '建立账号' }).click();
    await security.locator('[data-error-summary]').waitFor();
    assert.equal(await security.getByLabel('姓名').inputValue(), '赵敏');
    await security.getByLabel('岗位').selectOption('officer');
    await security.getByLabel('所在区划代码').fill('321000000000');
    await security.getByLabel('部门代码').fill('mzj');
    await security.getByRole('button', { name: '建立账号' }).click();
    await h1(security).filter({ hasText: '账号已建好' }).waitFor();
    oneTime = await security.locator('dt:text("一次性密码") + dd').innerText();
    assert.ok(oneTime.length >= 10);
    await security.getByRole('link', { name: '回到账号列表' }).click();
    assert.doesNotMatch(await security.locator('main').innerText(), new RegExp(oneTime.replace(/[^\w]/g, '\\$&')), 'it is shown once');
  });

  house.step('its holder must change the one-time password first', async () => {
    holder = await house.open('/login');
    await signIn(holder, 'not-the-password');
    await holder.locator('[data-error-summary]').waitFor();
    await signIn(holder, oneTime);
    await h1(holder).filter({ hasText: '修改密码' }).waitFor();
    await holder.goto('/indicators');
    assert.equal(await h1(holder).innerText(), '修改密码', 'nothing else opens before');
    const change = async (present, wanted, repeated = wanted) => {
      await holder.getByLabel('现在的密码').fill(present);
      await holder.getByLabel('新密码', { exact: true }).fill(wanted);
      await holder.getByLabel('再输一次新密码').fill(repeated);
      await holder.getByRole('button', { name: '保存新密码' }).click();
    };
    await change(oneTime, CHOSEN, `${CHOSEN}x`);
    assert.match(await holder.locator('[data-error-summary]').innerText(), /两次输入的新密码不一样/);
    await change(oneTime, '12345678');
    await holder.locator('[data-error-summary]').filter({ hasNotText: '两次' }).waitFor();
    await change(oneTime, CHOSEN);
    await told(holder, '密码已修改');
    assert.equal(await h1(holder).innerText(), '主要指标');
    const another = await house.open('/login');
    await signIn(another, oneTime);
    await another.locator('[data-error-summary]').waitFor();
    await another.context().close();
  });

  house.step('an account that is stopped is out at once', async () => {
    await security.reload();
    await security.getByRole('button', { name: new RegExp(`停用\\s*账号 ${LOGIN}`) }).click();
    await told(security, '账号已停用');
    await holder.goto('/indicators');
    assert.equal(new URL(holder.url()).pathname, '/login');
    await signIn(holder, CHOSEN);
    await holder.locator('[data-error-summary]').waitFor();
    await security.getByRole('button', { name: new RegExp(`启用\\s*账号 ${LOGIN}`) }).click();
    await told(security, '账号已启用');
    await signIn(holder, CHOSEN);
    await h1(holder).filter({ hasText: '主要指标' }).waitFor();
  });

  house.step('the audit administrator finds all of it in the trail, and the trail whole', async () => {
    const audit = await house.at('auditadmin');
    await go(audit, '审计');
    await audit.getByLabel('账号').fill('secadmin');
    await audit.getByRole('button', { name: '筛选' }).click();
    await audit.waitForURL((url) => url.searchParams.get('actor') === 'secadmin');
    const rows = audit.locator('#results tr.item');
    await audit.waitForFunction(() => [...document.querySelectorAll('#results tr.item td[data-l=账号]')].every((cell) => cell.textContent === 'secadmin'));
    assert.ok(await rows.count() >= 4, 'making, stopping and starting are there');
    assert.ok(!(await audit.locator('#results').innerText()).includes(oneTime), 'no password is in the trail');
    await audit.getByRole('button', { name: '校验全部记录' }).click();
    assert.match(await told(audit, '已校验'), /没有发现改动、缺失或插入/);
  });

  house.step('a change made behind the program’s back is found', async (context) => {
    if (house.database !== 'postgresql') {
      context.skip('done on PostgreSQL, which has a program for it');
      return;
    }
    const sql = "UPDATE audit_entry SET actor = 'nobody' WHERE actor = 'secadmin' AND seq = (SELECT MIN(seq) FROM audit_entry WHERE actor = 'secadmin')";
    const psql = spawnSync('psql', ['-q', '-v', 'ON_ERROR_STOP=1', '-d', house.server.address, '-c', sql], { encoding: 'utf8' });
    assert.equal(psql.status, 0, psql.stderr);
    const audit = await house.at('auditadmin');
    await audit.getByRole('button', { name: '校验全部记录' }).click();
    assert.match(await told(audit, '发现'), /发现 1 处问题/);
  });
});
