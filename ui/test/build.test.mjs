// What the build must give: small files under hashed names, colours only in the tokens, no syntax that old phones choke on.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const ui = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const out = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'assets-')), 'assets');
let manifest;
before(() => {
  execFileSync(process.execPath, ['build.mjs', out], { cwd: ui });
  manifest = JSON.parse(fs.readFileSync(path.join(out, 'manifest.json'), 'utf8'));
});
const read = (name) => fs.readFileSync(path.join(out, manifest[name]), 'utf8');
const packed = (name) => fs.statSync(path.join(out, `${manifest[name]}.gz`)).size;

test('each file has a hashed name and lies there compressed as well', () => {
  assert.deepEqual(Object.keys(manifest), ['app.css', 'app.js', 'icons.svg', 'logo.svg', 'map.css', 'map.js', 'wall.js']);
  for (const [plain, hashed] of Object.entries(manifest)) {
    assert.match(hashed, /-[A-Z0-9]{8}\./, plain);
    for (const ending of ['', '.gz', '.br']) assert.ok(fs.existsSync(path.join(out, hashed + ending)), hashed + ending);
  }
});

test('pages stay light', () => {
  const budget = { 'app.css': 14, 'app.js': 22, 'icons.svg': 6, 'map.js': 46, 'map.css': 8, 'wall.js': 3 };
  for (const [name, kilobytes] of Object.entries(budget)) {
    assert.ok(packed(name) <= kilobytes * 1024, `${name} is ${packed(name)} bytes compressed; ${kilobytes} KB is the limit`);
  }
});

test('colours stand in the tokens and type is never in pixels', () => {
  for (const file of fs.readdirSync(path.join(ui, 'src/css'))) {
    const text = fs.readFileSync(path.join(ui, 'src/css', file), 'utf8').replace(/\/\*.*?\*\//gs, '');
    if (file !== 'tokens.css') assert.doesNotMatch(text, /#[0-9a-f]{3,8}\b/i, `${file} has a colour of its own`);
    // Drawings are measured in their own units, which scale with the drawing.
    const rules = text.split('}').filter((rule) => /font(-size)?:[^;]*\dpx/.test(rule) && !/\.(map|chart|points) text/.test(rule));
    assert.deepEqual(rules, [], `${file} sets type in pixels`);
  }
});

test('old phones can read the scripts', () => {
  for (const name of ['app.js', 'map.js', 'wall.js']) {
    assert.doesNotMatch(read(name), /\(\?<[=!]/, `${name} looks behind in a regular expression`);
    assert.doesNotMatch(read(name), /\?\?=|\|\|=|&&=/, `${name} has logical assignments`);
  }
});

test('the scripts evaluate no text', () => {
  for (const name of ['map.js', 'wall.js']) assert.doesNotMatch(read(name), /\beval\(|new Function\(/, name);
  for (const file of fs.readdirSync(path.join(ui, 'src/js'))) {
    assert.doesNotMatch(fs.readFileSync(path.join(ui, 'src/js', file), 'utf8'), /\beval\(|new Function\(|\.style\.cssText/, file);
  }
});
