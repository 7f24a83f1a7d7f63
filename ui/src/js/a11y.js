// After a part of the page was replaced: keep or place the focus, announce the result, mark what is busy.
// Answers with 422 (a form with its errors) are shown like good ones; anything else that fails is said in words.
const doc = document;
let before = { id: '', inside: false };

const live = (text) => {
  const line = doc.getElementById('live');
  if (line) line.textContent = text;
};

const focusOn = (element) => {
  element.tabIndex = -1;
  element.focus();
};

doc.addEventListener('htmx:beforeRequest', (event) => {
  const target = event.detail.target;
  const active = doc.activeElement;
  if (target && target.setAttribute) target.setAttribute('aria-busy', 'true');
  before = { id: active ? active.id : '', inside: Boolean(target && target.contains && target.contains(active)) };
});

doc.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.xhr && event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

doc.addEventListener('htmx:afterSettle', (event) => {
  const target = event.detail.target || event.detail.elt;
  const now = target && target.id ? doc.getElementById(target.id) : target;
  if (!now || !now.querySelector) return;
  now.removeAttribute('aria-busy');
  const errors = now.querySelector('[data-error-summary]');
  if (errors) {
    focusOn(errors);
  } else if (before.inside && doc.activeElement === doc.body) {
    const back = before.id && doc.getElementById(before.id);
    if (back) back.focus();
    else focusOn(now.querySelector('h1,h2,caption') || now);
  }
  const status = now.querySelector('[data-status]');
  if (status) live(status.textContent);
});

const failed = (event) => {
  const target = event.detail.target;
  if (target && target.removeAttribute) target.removeAttribute('aria-busy');
  const asked = event.detail.requestConfig;
  // A question can be asked again as a plain page, whose error page says what happened.
  if (event.type === 'htmx:responseError' && asked && asked.verb === 'get' && !event.detail.elt.closest('[data-tile],[sse-connect]')) {
    window.location.assign((event.detail.pathInfo && event.detail.pathInfo.finalRequestPath) || asked.path);
    return;
  }
  live('没有成功：网络或服务暂时不通，页面上的内容没有变，请稍后再试。');
};
doc.addEventListener('htmx:responseError', failed);
doc.addEventListener('htmx:sendError', failed);
doc.addEventListener('htmx:timeout', failed);

// A full page with errors (without htmx, or the first load): the summary gets the focus.
const summary = doc.querySelector('[data-error-summary]');
if (summary) focusOn(summary);
