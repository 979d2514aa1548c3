'use strict';
'require view';
'require view.status.include.35_kedge as tile';

/* LuCI's status overview with kedge's part alone. */
return view.extend({
	load: () => tile.load(),

	render(data) {
		const node = tile.render(data);
		return E('div', {}, [ E('h2', {}, [ _('Status') ]), E('div', { class: 'cbi-section' }, [ E('h3', {}, [ tile.title ]), node ]) ]);
	},

	handleSave: null
});
