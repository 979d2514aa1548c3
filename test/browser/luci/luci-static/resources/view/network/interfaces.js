'use strict';
'require view';
'require form';
'require uci';
'require protocol.kedge as kedge';

/* LuCI's page of interfaces with the options of the protocol alone. */
return view.extend({
	load: () => uci.load('network'),

	async render() {
		const map = new form.Map('network', _('Interfaces'));
		const section = map.section(form.GridSection, 'interface');
		await kedge.renderFormOptions(section);
		section.children.forEach(option => { option.modalonly = true; });
		return map.render();
	}
});
