/* Stand-in of LuCI's cbi.js: translation and String.format, as far as the pages use them. */
'use strict';

function _(text) {
	return text;
}

String.prototype.format = function(...values) {
	return this.replace(/%(%|\.?\d*[sd])/g, (all, kind) => kind === '%' ? '%' : `${values.shift()}`);
};
