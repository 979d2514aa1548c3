'use strict';
'require baseclass';
'require form';
'require network';
'require ui';

const NetworkSelect = form.Value.extend({
	load() {
		return network.getNetworks().then(all => {
			this.names = all.map(each => each.getName());
		});
	},

	widget(value, options) {
		const names = this.names.map(name => [ name, E('span', { class: 'ifacebadge' }, [ `${name}:` ]) ]);
		return new ui.Dropdown(value, { '': _('unspecified'), ...Object.fromEntries(names) }, options);
	},

	textvalue(id) {
		const name = this.cfgvalue(id);
		return name ? E('span', { class: 'ifacebadge' }, [ `${name}:` ]) : E('em', {}, _('unspecified'));
	}
});

return baseclass.extend({ NetworkSelect });
