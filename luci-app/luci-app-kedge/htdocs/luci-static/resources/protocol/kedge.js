'use strict';
'require form';
'require network';
'require uci';

return network.registerProtocol('kedge', {
	getI18n() {
		return _('Mobile network (Kedge)');
	},

	getIfname() {
		return this._ubus('l3_device') || null;
	},

	getPackageName() {
		return 'kedge';
	},

	isFloating() {
		return true;
	},

	isVirtual() {
		return true;
	},

	getDevices() {
		return null;
	},

	containsDevice(ifname) {
		return network.getIfnameOf(ifname) === this.getIfname();
	},

	renderFormOptions(s) {
		const o = s.taboption('general', form.Value, 'router', _('Mobile router'), _('Section of /etc/config/kedge; empty: the only one'));
		o.optional = true;
		/* Who may configure interfaces may not always read kedge's configuration. */
		return L.resolveDefault(uci.load('kedge')).then(() => {
			for (const section of uci.sections('kedge', 'mobile_router'))
				o.value(section['.name']);
		});
	}
});
