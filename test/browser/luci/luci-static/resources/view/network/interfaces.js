'use strict';
'require view';
'require form';
'require network';
'require uci';
'require protocol.kedge as kedge';

/* LuCI's page of an interface with the options of the protocol alone. */
return view.extend({
	load: () => uci.load('network'),

	async render() {
		const map = new form.Map('network', _('Interfaces'));
		const section = map.section(form.TypedSection, 'interface', kedge.getI18n());
		await kedge.renderFormOptions(section);
		return map.render();
	}
});
