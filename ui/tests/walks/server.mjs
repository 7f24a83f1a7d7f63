// Starts the program with a small demonstration on a free port, and stops it by its process id.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const binary = process.env.ZHAOXI_BIN || path.join(process.env.CARGO_TARGET_DIR || path.join(root, 'target'), 'debug/zhaoxi');

export const PASSWORD = 'Zhaoxi-demo-2025';

/** Which databases the stories run on: SQLite always, PostgreSQL when a server was given. */
export const DATABASES = process.env.ZHAOXI_TEST_POSTGRES ? ['sqlite', 'postgresql'] : ['sqlite'];

/** A new, empty PostgreSQL database; its address. */
const newDatabase = async () => {
  const server = new URL(process.env.ZHAOXI_TEST_POSTGRES);
  const name = `w_${process.pid}_${Date.now()}`;
  const psql = spawn('psql', ['-q', '-h', server.hostname, '-p', server.port, '-U', server.username || 'postgres', '-d', 'postgres', '-c', `CREATE DATABASE ${name}`], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise((done) => psql.on('exit', done));
  if (code !== 0) throw new Error(`psql could not make ${name}`);
  return `postgres://${server.username || 'postgres'}@${server.host}/${name}`;
};

/**
 * Starts `zhaoxi demo`. Gives { base, stop, address: the database's }. `cities` as --city takes them, `people` a small number.
 */
export const start = async ({ database = 'sqlite', cities = ['yangzhou'], people = 400, data, more = [] } = {}) => {
  const folder = data || fs.mkdtempSync(path.join(os.tmpdir(), 'zhaoxi-walk-'));
  const args = ['demo', '--port', '0', '--people', String(people), '--data', folder, ...more];
  for (const city of cities) args.push('--city', city);
  const address = database === 'postgresql' ? await newDatabase() : path.join(folder, 'zhaoxi.db');
  if (database === 'postgresql') args.push('--database', address);
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ZHAOXI_LOG_LEVEL: 'warn' } });
  let said = '';
  child.stderr.on('data', (chunk) => { said += chunk; });
  const base = await new Promise((done, failed) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const found = text.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) done(found[0]);
    });
    child.on('exit', (code) => failed(new Error(`zhaoxi demo ended with ${code}: ${said}`)));
  });
  const stop = async () => {
    const ended = new Promise((done) => child.on('exit', done));
    child.kill('SIGTERM');
    await ended;
    if (!data) fs.rmSync(folder, { recursive: true, force: true });
  };
  return { base, stop, folder, address, said: () => said };
};
