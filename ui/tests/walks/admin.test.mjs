// The administrators, kept apart: one makes an account whose holder must choose a password, another reads the trail and
// verifies it, the third sees the system. A change made behind the program's back is found.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { go, h1, status, story, told } from './desk.mjs';

const LOGIN = 'zhao.min';
const CHOSEN = 'Zaochen-ba-dian-2025';

/** What a telephone shows for a secret, some half minutes from now (RFC 6238). */
const telephone = (secret, steps = 0) => {
  const bits = [...secret].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((eight) => parseInt(eight, 2)));
  const step = Buffer.alloc(8);
  step.writeBigInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const digest = createHmac('sha1', key).update(step).digest();
  const from = digest[19] & 15;
  return String((digest.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

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
    await security.getByLabel('所在区划').fill('扬州市');
    await security.getByLabel('部门').selectOption('321000000000/mzj');
    await security.getByRole('button', { name: '建立账号' }).click();
    await h1(security).filter({ hasText: '账号已建好' }).waitFor();
    oneTime = await security.locator('dt:text("一次性密码") + dd').innerText();
    assert.ok(oneTime.length >= 10);
    await security.getByRole('link', { name: '回到账号列表' }).click();
    assert.doesNotMatch(await security.locator('main').innerText(), new RegExp(oneTime.replace(/[^\w]/g, '\\$&')), 'it is shown once');
  });

  house.step('an account is found, and moved to another office with everything that is wrong said at once', async () => {
    await security.getByLabel('登录名或姓名').fill(LOGIN);
    await security.getByRole('button', { name: '筛选' }).click();
    await security.locator('#results').getByRole('link', { name: LOGIN }).click();
    await security.getByRole('link', { name: '修改姓名、岗位、区划' }).click();
    assert.equal(await security.getByLabel('所在区划').inputValue(), '扬州市');
    await security.getByLabel('岗位').selectOption('');
    await security.getByLabel('所在区划').fill('没有的镇');
    await security.getByRole('button', { name: '保存' }).click();
    const wrong = await security.locator('[data-error-summary]').innerText();
    for (const part of [/没有选择岗位/, /没有区划“没有的镇”/]) assert.match(wrong, part);
    await security.getByLabel('岗位').selectOption('officer');
    await security.getByLabel('所在区划').fill('宝应县');
    await security.getByRole('button', { name: '保存' }).click();
    await told(security, '账号已修改');
    assert.match(await security.locator('main').innerText(), /宝应县/);
    await security.getByRole('link', { name: '修改姓名、岗位、区划' }).click();
    await security.getByLabel('所在区划').fill('扬州市');
    await security.getByRole('button', { name: '保存' }).click();
    await told(security, '账号已修改');
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
    await security.goto('/admin/accounts');
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

  house.step('whoever wants signs in with a telephone too, and loses it', async () => {
    await holder.goto('/account/second');
    await holder.getByRole('button', { name: '开始设置' }).click();
    await holder.getByRole('img', { name: /二维码/ }).waitFor();
    const secret = (await holder.locator('main code').innerText()).replace(/\s/g, '');
    const box = holder.getByLabel('验证器上的 6 位数字');
    await box.fill('000');
    await holder.getByRole('button', { name: '开启两步登录' }).click();
    await holder.locator('[data-error-summary]').waitFor();
    await box.fill(telephone(secret));
    await holder.getByRole('button', { name: '开启两步登录' }).click();
    await holder.getByRole('heading', { name: /请收好恢复码/ }).waitFor();
    const recovery = await holder.locator('ul.codes code').allInnerTexts();
    assert.equal(recovery.length, 10);
    const elsewhere = await house.open('/login');
    await signIn(elsewhere, CHOSEN);
    await h1(elsewhere).filter({ hasText: '输入验证码' }).waitFor();
    await elsewhere.goto('/indicators');
    assert.equal(await h1(elsewhere).innerText(), '输入验证码', 'nothing opens before');
    await elsewhere.getByLabel('验证码').fill(telephone(secret, -9));
    await elsewhere.getByRole('button', { name: '继续' }).click();
    await elsewhere.locator('[data-error-summary]').waitFor();
    await elsewhere.getByLabel('验证码').fill(recovery[0]);
    await elsewhere.getByRole('button', { name: '继续' }).click();
    await h1(elsewhere).filter({ hasText: '主要指标' }).waitFor();
    await security.getByRole('link', { name: LOGIN }).click();
    await security.locator('main').getByText(/剩 9 个恢复码/).waitFor();
    await security.getByRole('button', { name: '重置两步登录' }).click();
    await told(security, '两步登录已重置');
    await elsewhere.goto('/indicators');
    assert.equal(new URL(elsewhere.url()).pathname, '/login', 'its sessions have ended');
    await elsewhere.context().close();
  });

  house.step('sessions are seen and ended, by oneself and by the administrator', async () => {
    const [one, other] = [await house.open('/login'), await house.open('/login')];
    for (const page of [one, other]) {
      await signIn(page, CHOSEN);
      await h1(page).filter({ hasText: '主要指标' }).waitFor();
    }
    await one.goto('/account');
    await one.getByRole('button', { name: '退出其他所有登录' }).click();
    await told(one, '已退出');
    await other.goto('/account');
    assert.equal(new URL(other.url()).pathname, '/login');
    await security.reload();
    await security.getByRole('button', { name: /结束\s*20/ }).first().click();
    await told(security, '这处登录已结束');
    await one.goto('/account');
    assert.equal(new URL(one.url()).pathname, '/login');
    for (const page of [one, other]) await page.context().close();
  });

  house.step('an institution is chosen for the account that speaks for it', async () => {
    await go(security, '账号');
    await security.getByRole('link', { name: 'yangzhou-home1' }).click();
    await security.getByLabel('机构名称或统一社会信用代码').fill('没有这一家');
    await security.getByRole('button', { name: '保存' }).click();
    await security.locator('[data-error-summary]').waitFor();
    const name = await security.locator('section p strong').innerText();
    await security.getByLabel('机构名称或统一社会信用代码').fill(name);
    await security.getByRole('button', { name: '保存' }).click();
    await told(security, '代表的机构已保存');
  });

  house.step('the self-check says what is so, what is not, and what the operator shows', async () => {
    await go(security, '等保自查');
    const rows = security.locator('tr.item');
    assert.ok(await rows.count() >= 25);
    await rows.filter({ hasText: '默认账号' }).filter({ hasText: '未达到' }).waitFor();
    await rows.filter({ hasText: '管理员权限分离' }).filter({ hasText: '已达到' }).waitFor();
    await rows.filter({ hasText: '物理环境' }).filter({ hasText: '由运维单位出示' }).waitFor();
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

  house.step('a change, a cut and an insertion made behind the program’s back are found', async () => {
    const audit = await house.at('auditadmin');
    const chain = "(SELECT chain FROM audit_entry WHERE actor = 'secadmin' GROUP BY chain ORDER BY COUNT(*) DESC LIMIT 1)";
    const last = `(SELECT MAX(seq) FROM audit_entry WHERE chain = ${chain})`;
    const planted = [
      ['被改动', `UPDATE audit_entry SET actor = 'nobody' WHERE chain = ${chain} AND seq = 1`, `UPDATE audit_entry SET actor = (SELECT actor FROM audit_kept) WHERE chain = ${chain} AND seq = 1`],
      ['前面缺了记录', `DELETE FROM audit_entry WHERE chain = ${chain} AND seq = 2`, `INSERT INTO audit_entry SELECT * FROM audit_kept WHERE seq = 2`],
      ['后来插入的', `INSERT INTO audit_entry SELECT chain, seq + 1, at, actor, action, 'person:99', detail, hash, hash FROM audit_entry WHERE chain = ${chain} AND seq = ${last}`, `DELETE FROM audit_entry WHERE chain = ${chain} AND seq = ${last}`],
    ];
    house.sql(`CREATE TABLE audit_kept AS SELECT * FROM audit_entry WHERE chain = ${chain} AND seq IN (1, 2)`);
    for (const [word, plant, undo] of planted) {
      house.sql(plant);
      await audit.goto('/admin/audit');
      await audit.getByRole('button', { name: '校验全部记录' }).click();
      const note = audit.locator('main').filter({ hasText: '校验发现审计记录被动过' });
      await note.waitFor();
      assert.match(await note.innerText(), new RegExp(word), plant);
      house.sql(undo.replace('(SELECT actor FROM audit_kept)', '(SELECT actor FROM audit_kept WHERE seq = 1)'));
      await audit.goto('/admin/audit');
      await audit.getByRole('button', { name: '校验全部记录' }).click();
      assert.match(await told(audit, '已校验'), /没有发现改动、缺失或插入/, 'put back, it holds again');
    }
  });
});
