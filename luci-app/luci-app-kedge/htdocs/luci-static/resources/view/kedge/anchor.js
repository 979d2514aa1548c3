'use strict';
'require view';
'require form';
'require kedge.forms as forms';

function association(add) {
	add(form.Value, 'spi', _('SPI'), _('Number of the shared key, the same at both ends'));
	add(form.Value, 'key_file', _('Key file'));
	add(form.Value, 'key', _('Key'), _('Instead of a key file')).password = true;
	add(form.ListValue, 'auth', _('Authentication'), _('Without it anybody can redirect the traffic'));
	add(form.ListValue, 'replay', _('Replay protection'));
	add(form.Value, 'identifier', _('Identifier'), _('Network access identifier, the same at both ends'));
	add(form.Value, 'dialect', _('Dialect'), _('Section with numbers for Internet-Drafts'));
}

return view.extend({
	render() {
		const m = new form.Map('kedge', _('Anchor'), _('Where this router is moored, and which routers are moored here.'));

		let s = m.section(form.TypedSection, 'mobile_router', _('This router and its anchor'), _('The quickest way is the page “Pairing”.'));
		s.addremove = true;
		forms.name(s, 'mobile_router');
		let add = (widget, name, title, description) => forms.option(s, null, widget, 'mobile_router', name, title, description);
		add(form.Flag, 'enabled', _('Enabled'));
		add(form.Value, 'home_address', _('Home address'), _('The address that stays'));
		add(form.DynamicList, 'home_agent', _('Anchor'), _('Addresses in order of preference'));
		add(form.DynamicList, 'prefix', _('Network prefix'), _('The networks behind this router'));
		add(form.ListValue, 'probe', _('Watching'), _('fast: failures are found in 250 ms, 7.8 GB an uplink and month. normal: 3 s, 310 MB. saver: 20 s, 41 MB.'));
		add(form.ListValue, 'quality', _('Quality'), _('How bad an uplink may become before it is left'));
		association(add);

		s = m.section(form.TypedSection, 'home_agent', _('Anchor of other routers'));
		s.addremove = true;
		forms.name(s, 'home_agent');
		forms.single(s);
		add = (widget, name, title, description) => forms.option(s, null, widget, 'home_agent', name, title, description);
		add(form.Flag, 'enabled', _('Enabled'));
		add(form.Value, 'address', _('Address'), _('Routers register with it'));
		add(form.ListValue, 'probe', _('Watching'));
		add(form.Flag, 'verify', _('Verify'), _('An uplink is used only once it has answered a probe'));
		add(form.Value, 'max_lifetime', _('Longest lifetime'), _('Seconds'));
		add(form.Value, 'delegation_lifetime', _('Lifetime of delegated prefixes'), _('Seconds'));
		add(form.Value, 'preference', _('Preference'), _('Among the anchors of the home network'));
		add(form.DynamicList, 'watch', _('Watched hosts'), _('On the Internet: when none answers, routers are left to other anchors'));
		add(form.DynamicList, 'peer_home_agent', _('Other anchors'), _('An address and perhaps a preference'));
		add(form.Value, 'home_link', _('Home link'), _('Device of the home network; without it the home network is virtual'));
		add(form.DynamicList, 'home_prefix', _('Home prefix'));
		add(form.ListValue, 'home_binding', _('At home and abroad'));

		s = m.section(form.GridSection, 'peer', _('Routers that are moored here'));
		s.addremove = true;
		s.nodescriptions = true;
		s.addbtntitle = _('Add router');
		forms.name(s, 'peer');
		const columns = [ 'enabled', 'home_address', 'prefix', 'spi' ];
		add = (widget, name, title, description) => {
			const o = forms.option(s, null, widget, 'peer', name, title, description);
			o.modalonly = columns.includes(name) ? null : true;
			return o;
		};
		add(form.Flag, 'enabled', _('Enabled')).editable = true;
		add(form.Value, 'home_address', _('Home address'));
		add(form.DynamicList, 'prefix', _('Network prefixes'), _('No other is accepted'));
		add(form.Flag, 'delegation', _('Delegated prefixes'), _('It gets them when it asks for them'));
		association(add);
		add(form.Value, 'max_bindings', _('Most uplinks'));
		add(form.Flag, 'network', _('Mobile network'));
		add(form.Flag, 'renumbering', _('Follows other home prefixes'));
		add(form.ListValue, 'multiple', _('Several care-of addresses'));
		add(form.Flag, 'flow_bindings', _('Flow bindings'), _('It may say which flows come by which uplink'));
		add(form.Value, 'max_flows', _('Most flow bindings'));
		add(form.Value, 'symmetric', _('The way back'), _('1: connections go back the way that they came'));
		return forms.render(m);
	}
});
