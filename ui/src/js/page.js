// Small helpers: print, menus that close, a button that says it is busy, full screen.
const doc = document;

doc.addEventListener('click', (event) => {
  const hit = (selector) => event.target.closest && event.target.closest(selector);
  if (hit('[data-print]')) window.print();
  for (const menu of doc.querySelectorAll('details[data-menu][open]')) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

doc.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of doc.querySelectorAll('details[data-menu][open]')) {
    const inside = menu.contains(doc.activeElement);
    menu.open = false;
    if (inside) menu.querySelector('summary').focus();
  }
});

// Leaving an open menu by keyboard closes it, so that it never covers what has the focus.
doc.addEventListener('focusout', (event) => {
  const menu = event.target.closest && event.target.closest('details[data-menu][open]');
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// A second press of the same button does nothing while the first is under way.
doc.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (!button || event.target.method !== 'post') return;
  if (button.getAttribute('aria-busy') === 'true') event.preventDefault();
  else button.setAttribute('aria-busy', 'true');
});
window.addEventListener('pageshow', () => {
  for (const button of doc.querySelectorAll('button[aria-busy=true]')) button.removeAttribute('aria-busy');
});

// Buttons that only work with a script are hidden in the page and shown here, and again in a part that was replaced.
const reveal = () => {
  for (const button of doc.querySelectorAll('[data-print][hidden]')) button.hidden = false;
};
reveal();
doc.addEventListener('htmx:afterSettle', reveal);
