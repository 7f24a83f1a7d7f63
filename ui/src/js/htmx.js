// The extension looks for a global, so htmx is put there before the extension is loaded.
import htmx from 'htmx.org';

window.htmx = htmx;
