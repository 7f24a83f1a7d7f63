// Fills in and corrects Excel workbooks as a spreadsheet program does: the file that came is changed and saved, nothing is made anew.
import zlib from 'node:zlib';
import { parts } from './archive.mjs';

const CRC = Uint32Array.from({ length: 256 }, (_, start) => {
  let rest = start;
  for (let bit = 0; bit < 8; bit += 1) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest >>> 0;
});

const crc32 = (bytes) => {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ CRC[(sum ^ byte) & 0xff];
  return (sum ^ 0xffffffff) >>> 0;
};

const header = (signature, fields) => {
  const bytes = Buffer.alloc(4 + fields.reduce((sum, [size]) => sum + size, 0));
  bytes.writeUInt32LE(signature, 0);
  let at = 4;
  for (const [size, value] of fields) {
    bytes.writeUIntLE(value, at, size);
    at += size;
  }
  return bytes;
};

/** An archive of parts given by name as text, in their order. */
export const packed = (all) => {
  const files = [];
  const directory = [];
  let at = 0;
  for (const [name, text] of all) {
    const [title, bytes] = [Buffer.from(name), Buffer.from(text)];
    const small = zlib.deflateRawSync(bytes, { level: 1 });
    const common = [[2, 20], [2, 0x0800], [2, 8], [2, 0], [2, 0x21], [4, crc32(bytes)], [4, small.length], [4, bytes.length], [2, title.length], [2, 0]];
    files.push(header(0x04034b50, common), title, small);
    directory.push(header(0x02014b50, [[2, 20], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), title);
    at += 30 + title.length + small.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = header(0x06054b50, [[2, 0], [2, 0], [2, all.size], [2, all.size], [4, size], [4, at], [2, 0]]);
  return Buffer.concat([...files, ...directory, end]);
};

const SHEET = 'xl/worksheets/sheet1.xml';
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

/** Letters of a column, counted from 0. */
const letters = (column) => (column < 26 ? '' : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
const cell = (ref, text) => `<c r="${ref}" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;

/** The workbook with its first sheet changed. */
const changed = (bytes, change) => {
  const all = parts(bytes);
  all.set(SHEET, change(all.get(SHEET)));
  return packed(all);
};

/** A template with rows of texts typed in below its heads; empty texts stay empty cells. */
export const filled = (bytes, rows) => changed(bytes, (xml) => {
  const last = [...xml.matchAll(/<row [^>]*?\br="(\d+)"/g)].reduce((most, [, number]) => Math.max(most, Number(number)), 0);
  const typed = rows.map((row, index) => {
    const number = last + 1 + index;
    const cells = row.map((text, column) => (text ? cell(letters(column) + number, text) : '')).join('');
    return `<row r="${number}">${cells}</row>`;
  });
  const bounded = xml.replace(/<dimension ref="[^"]*"\/>/, '');
  return bounded.replace('</sheetData>', `${typed.join('')}</sheetData>`);
});

/** A workbook with cells typed over: `edit(row, text)` gives for each row of texts the columns to type over, as { column: text }. */
export const corrected = (bytes, rows, edit) => changed(bytes, (xml) => {
  let index = -1;
  return xml.replace(/<row [^>]*?(?:\/>|>.*?<\/row>)/gs, (row) => {
    index += 1;
    const edits = edit(rows[index], index);
    if (!edits) return row;
    const number = row.match(/\br="(\d+)"/)[1];
    return Object.entries(edits).reduce((text, [column, value]) => {
      const ref = letters(Number(column)) + number;
      const there = new RegExp(`<c r="${ref}"[^>]*?(?:/>|>.*?</c>)`, 's');
      if (there.test(text)) return text.replace(there, () => cell(ref, value));
      // An empty cell is not in the file: it goes before the next one of its row.
      const cells = [...text.matchAll(/<c r="([A-Z]+)\d+"/g)];
      const later = cells.find(([, name]) => name.length > letters(Number(column)).length || (name.length === letters(Number(column)).length && name > letters(Number(column))));
      const at = later ? later.index : text.lastIndexOf('</row>');
      return text.slice(0, at) + cell(ref, value) + text.slice(at);
    }, row);
  });
});
