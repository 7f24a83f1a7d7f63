// Takes pictures of a running demonstration: node pictures.mjs ADDRESS FOLDER
import fs from 'node:fs';
import path from 'node:path';
import { launch, signIn, visitor } from './browser.mjs';

/** What is pictured: file, page, whose desk. */
const PICTURES = [
  { file: 'dashboard.png', page: '/indicators', account: 'yangzhou-mzj1' },
  { file: 'leader.png', page: '/leader', account: 'yangzhou-leader' },
];
/** The password of every demo account. */
const PASSWORD = 'Zhaoxi-demo-2025';

const [base, folder] = process.argv.slice(2);
if (!base || !folder) {
  console.error('usage: node pictures.mjs ADDRESS FOLDER');
  process.exit(2);
}
fs.mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const { file, page: address, account } of PICTURES) {
    const cookies = await signIn(browser, base, { account, password: PASSWORD });
    const { page, status, close } = await visitor(browser, base, cookies)(address);
    if (status !== 200) throw new Error(`${address} answered ${status}`);
    await page.screenshot({ path: path.join(folder, file) });
    await close();
    console.log(path.join(folder, file));
  }
} finally {
  await browser.close();
}
