// Read aloud. The button stays hidden until a Chinese voice is known to exist. Sentence by sentence,
// because long utterances are cut after some seconds in some browsers.
const doc = document;
const button = doc.querySelector('[data-read]');

const voice = () => speechSynthesis.getVoices().find((known) => /^(zh|cmn)/i.test(known.lang));

const sentences = (root) => {
  const parts = [];
  for (const node of root.querySelectorAll('h1,h2,h3,p,b,dt,dd,label,.st,.tm,li a')) {
    const nested = node.parentElement.closest('p,b,dt,dd,label,li a');
    if (nested && root.contains(nested)) continue;
    if (node.closest('[hidden]')) continue;
    parts.push(...(node.innerText.match(/[^。！？；\n]+[。！？；]?/g) || []));
  }
  return parts.map((text) => text.trim()).filter(Boolean);
};

if (button && 'speechSynthesis' in window) {
  let speaking = false;
  const word = button.querySelector('span') || button;
  const stop = () => {
    speaking = false;
    speechSynthesis.cancel();
    word.textContent = '朗读';
    button.setAttribute('aria-pressed', 'false');
  };
  const show = () => {
    if (voice()) button.hidden = false;
  };
  show();
  if (speechSynthesis.addEventListener) speechSynthesis.addEventListener('voiceschanged', show);
  button.setAttribute('aria-pressed', 'false');
  button.addEventListener('click', () => {
    if (speaking) return stop();
    const queue = sentences(doc.querySelector(button.dataset.read) || doc.body);
    speaking = true;
    word.textContent = '停止';
    button.setAttribute('aria-pressed', 'true');
    queue.forEach((text, index) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = 'zh-CN';
      said.voice = voice();
      said.rate = 0.85;
      if (index === queue.length - 1) said.onend = stop;
      speechSynthesis.speak(said);
    });
    return undefined;
  });
  window.addEventListener('pagehide', () => speechSynthesis.cancel());
}
