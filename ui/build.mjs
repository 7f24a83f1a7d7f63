// Builds src/ into ../assets: names with a hash, each file also as .br and .gz, and manifest.json
// that maps the plain name ("app.css") to the hashed one. The server embeds the folder.
import { build } from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.resolve(here, process.argv[2] ?? '../assets');
const entries = {
  app: 'src/css/app.css',
  'app.js': 'src/js/app.js',
  'map.js': 'src/js/map.js',
  'wall.js': 'src/js/wall.js',
  icons: 'src/icons/icons.svg',
  logo: 'src/icons/logo.svg',
};

const result = await build({
  absWorkingDir: here,
  entryPoints: Object.entries(entries).map(([name, file]) => ({ in: file, out: name.replace(/\.js$/, '') })),
  bundle: true,
  minify: true,
  format: 'iife',
  // Old phones and the browsers inside chat apps. A target list with chrome90,safari14 fails on destructuring.
  target: ['es2019', 'chrome80', 'safari14.1'],
  entryNames: '[name]-[hash]',
  outdir: out,
  metafile: true,
  write: false,
  loader: { '.png': 'dataurl', '.svg': 'copy' },
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
});

fs.rmSync(out, { recursive: true, force: true });
fs.mkdirSync(out, { recursive: true });
const manifest = {};
for (const file of result.outputFiles) {
  const hashed = path.basename(file.path);
  const plain = hashed.replace(/-[A-Z0-9]{8}(?=\.)/, '');
  manifest[plain] = hashed;
  fs.writeFileSync(file.path, file.contents);
  fs.writeFileSync(file.path + '.gz', zlib.gzipSync(file.contents, { level: 9 }));
  fs.writeFileSync(file.path + '.br', zlib.brotliCompressSync(file.contents));
}
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
fs.writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(sorted, null, 1) + '\n');
for (const [plain, hashed] of Object.entries(sorted)) {
  const bytes = (ending) => fs.statSync(path.join(out, hashed + ending)).size;
  console.log(`${plain.padEnd(10)} ${hashed.padEnd(20)} ${bytes('')} B, gzip ${bytes('.gz')}, br ${bytes('.br')}`);
}
