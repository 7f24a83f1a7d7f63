// Everything a page may use; every page works without it.
import './htmx.js';
import 'htmx-ext-sse';
import './a11y.js';
import './page.js';
import './read.js';
