// The big screen: a clock, tiles that refresh one by one, full screen, and the screen as a picture.
// A tile that cannot be refreshed keeps its last figures, says so, and is tried again; the others go on.
// Markup: <section class="tile" id="t-x" data-tile="/wall?tile=x" data-every="60"> with .tile-says inside.
const doc = document;
const SECOND = 1000;
const PATIENCE = 8 * SECOND;
const LONGEST = 600 * SECOND;

const two = (number) => String(number).padStart(2, '0');
const hour = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;

const clock = doc.querySelector('[data-clock]');
if (clock) {
  const tick = () => {
    const now = new Date();
    const day = '日一二三四五六'[now.getDay()];
    clock.textContent = `${now.getFullYear()}年${now.getMonth() + 1}月${now.getDate()}日 星期${day} ${hour(now)}`;
    setTimeout(tick, (60 - now.getSeconds()) * SECOND);
  };
  tick();
}

const fetchTile = async (url, id) => {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'text/html' }, signal: stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById(id);
    if (!fresh) throw new Error('no such tile in the answer');
    return fresh;
  } finally {
    clearTimeout(timer);
  }
};

const keepFresh = (id) => {
  let failures = 0;
  let since = new Date();
  const next = (seconds) => setTimeout(refresh, Math.min(seconds * SECOND * 2 ** Math.min(failures, 4), LONGEST));
  const refresh = async () => {
    const tile = doc.getElementById(id);
    if (!tile) return;
    const every = Number(tile.dataset.every) || 60;
    try {
      tile.replaceWith(doc.adoptNode(await fetchTile(tile.dataset.tile, id)));
      failures = 0;
      since = new Date();
    } catch {
      failures += 1;
      tile.dataset.state = 'failed';
      const says = tile.querySelector('.tile-says span');
      if (says) says.textContent = `更新失败，显示的是${hour(since)}的数据`;
    }
    next(every);
  };
  const tile = doc.getElementById(id);
  next(Number(tile.dataset.every) || 60);
  tile.addEventListener('zhaoxi:refresh', refresh);
};
for (const tile of doc.querySelectorAll('[data-tile][id]')) keepFresh(tile.id);

const full = doc.querySelector('[data-fullscreen]');
if (full && doc.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener('click', () => (doc.fullscreenElement ? doc.exitFullscreen() : doc.documentElement.requestFullscreen()));
}

// The picture: the page with its styles inside an SVG, painted on a canvas. Icons live in another file, which a
// picture may not load, so their outlines are put into it.
const withIcons = async (root) => {
  const files = new Map();
  for (const use of root.querySelectorAll('use')) {
    const [file, name] = (use.getAttribute('href') || '').split('#');
    if (!file) continue;
    if (!files.has(file)) {
      const text = await (await fetch(file)).text();
      files.set(file, new DOMParser().parseFromString(text, 'image/svg+xml'));
    }
    const symbol = files.get(file).getElementById(name);
    if (!symbol) continue;
    const svg = use.closest('svg');
    if (!svg.getAttribute('viewBox')) svg.setAttribute('viewBox', symbol.getAttribute('viewBox'));
    use.replaceWith(...[...symbol.childNodes].map((node) => doc.importNode(node, true)));
  }
};

const styles = () => [...doc.styleSheets].flatMap((sheet) => [...sheet.cssRules]).map((rule) => rule.cssText).join('\n');

const picture = async () => {
  const width = doc.documentElement.clientWidth;
  const height = doc.documentElement.scrollHeight;
  const copy = doc.body.cloneNode(true);
  for (const gone of copy.querySelectorAll('script,.skip,.no-picture')) gone.remove();
  await withIcons(copy);
  const style = doc.createElement('style');
  // The picture has no window of its own to measure, so lengths that follow the window are fixed first.
  style.textContent = styles().replace(/(\d*\.?\d+)vw/g, (_, n) => `${(n * width) / 100}px`).replace(/(\d*\.?\d+)vh/g, (_, n) => `${(n * window.innerHeight) / 100}px`);
  copy.prepend(style);
  copy.setAttribute('xmlns', 'http://www.w3.org/1999/xhtml');
  const inside = new XMLSerializer().serializeToString(copy);
  const size = getComputedStyle(doc.documentElement).fontSize;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" style="font-size:${size}"><foreignObject width="100%" height="100%">${inside}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = doc.createElement('canvas');
  canvas.width = width * 2;
  canvas.height = height * 2;
  const pen = canvas.getContext('2d');
  pen.scale(2, 2);
  pen.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('empty picture'))), 'image/png');
  });
};

const save = doc.querySelector('[data-picture]');
if (save) {
  save.hidden = false;
  save.addEventListener('click', async () => {
    const line = doc.getElementById('live');
    try {
      const link = doc.createElement('a');
      link.href = URL.createObjectURL(await picture());
      link.download = save.dataset.picture || 'zhaoxi.png';
      link.click();
      URL.revokeObjectURL(link.href);
      if (line) line.textContent = '图片已保存';
    } catch {
      if (line) line.textContent = '这个浏览器不能保存图片，请用打印或导出表格';
    }
  });
}
