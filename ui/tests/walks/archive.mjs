// Reads the parts of an Office file (a zip archive), and packs a folder, without any other program.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

/** The parts of an archive by name, as text. */
export const parts = (bytes) => {
  const found = new Map();
  let at = bytes.length - 22;
  while (at >= 0 && bytes.readUInt32LE(at) !== 0x06054b50) at -= 1;
  if (at < 0) throw new Error('not an archive');
  let entry = bytes.readUInt32LE(at + 16);
  for (let left = bytes.readUInt16LE(at + 10); left > 0; left -= 1) {
    const method = bytes.readUInt16LE(entry + 10);
    const size = bytes.readUInt32LE(entry + 20);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => bytes.readUInt16LE(entry + offset));
    const local = bytes.readUInt32LE(entry + 42);
    const name = bytes.toString('utf8', entry + 46, entry + 46 + nameLength);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(start, start + size);
    found.set(name, (method === 8 ? zlib.inflateRawSync(packed) : packed).toString('utf8'));
    entry += 46 + nameLength + extraLength + commentLength;
  }
  return found;
};

const plain = (xml) => xml.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'").replace(/&amp;/g, '&');

/** The texts of a Word file's paragraphs and cells. */
export const wordTexts = (bytes) => parts(bytes).get('word/document.xml').split('</w:p>').map(plain).filter(Boolean);

const rowsOf = (xml, shared) => xml.split('</row>').slice(0, -1).map((row) => {
  const cells = [];
  for (const [, attributes, inside] of row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
    const value = (inside || '').match(/<v>(.*?)<\/v>/s) || (inside || '').match(/<t[^>]*>(.*?)<\/t>/s) || ['', ''];
    const letters = attributes.match(/r="([A-Z]+)\d+"/)[1];
    const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    cells[column] = /t="s"/.test(attributes) ? shared[Number(value[1])] : plain(value[1]);
  }
  return Array.from(cells, (cell) => cell ?? '');
});

/** The sheets of an Excel file in their order, each as rows of texts; numbers as they are stored. */
export const excelSheets = (bytes) => {
  const all = parts(bytes);
  const shared = [...(all.get('xl/sharedStrings.xml') || '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, text]) => plain(text));
  const sheets = [...all.keys()].map((name) => name.match(/^xl\/worksheets\/sheet(\d+)\.xml$/)).filter(Boolean);
  return sheets.sort((a, b) => a[1] - b[1]).map(([name]) => rowsOf(all.get(name), shared));
};

/** The rows of an Excel file's first sheet. */
export const excelRows = (bytes) => excelSheets(bytes)[0];

/** The files of a folder by their paths below it, as bytes. */
export const folder = (root, below = '') => fs.readdirSync(path.join(root, below), { withFileTypes: true }).flatMap((entry) => {
  const at = below ? `${below}/${entry.name}` : entry.name;
  return entry.isDirectory() ? folder(root, at) : [[at, fs.readFileSync(path.join(root, at))]];
});

/** An archive of files, [path, bytes] each, none of them made smaller. */
export const packed = (files) => {
  const [bodies, entries] = [[], []];
  let at = 0;
  for (const [name, bytes] of files) {
    const raw = Buffer.from(name);
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0);
    head.writeUInt16LE(0x800, 2);
    head.writeUInt32LE(zlib.crc32(bytes), 10);
    head.writeUInt32LE(bytes.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(raw.length, 22);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    head.copy(entry, 6);
    entry.writeUInt32LE(at, 42);
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), head, raw, bytes]);
    bodies.push(body);
    entries.push(entry, raw);
    at += body.length;
  }
  const listed = Buffer.concat(entries);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, listed, end]);
};
