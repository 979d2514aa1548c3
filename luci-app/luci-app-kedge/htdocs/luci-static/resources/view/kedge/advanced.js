'use strict';
'require view';
'require form';
'require kedge.forms as forms';
'require kedge.rules as rules';

return view.extend({
	render() {
		const m = new form.Map('kedge', _('Advanced'), _('What most people never change. The terms are those of RFC 6275, RFC 3963 and RFC 5648.'));
		const part = (type, title, optional) => {
			const s = m.section(form.TypedSection, type, title);
			s.addremove = optional;
			s.anonymous = type === 'globals';
			forms.name(s, type);
			if (type !== 'dialect')
				forms.single(s);
			return (widget, name, label, description) => forms.option(s, null, widget, type, name, label, description);
		};

		let add = part('globals', _('Daemon'), true);
		add(form.ListValue, 'log_level', _('Log level'));
		add(form.Value, 'rule_priority', _('Rule priority'), _('Where the ip rules begin'));
		add(form.Value, 'mark_mask', _('Firewall mark bits'));
		add(form.Value, 'connection_mark_mask', _('Connection mark bits'));

		add = part('mobile_router', _('Mobile router'), false);
		add(form.Value, 'lifetime', _('Lifetime'), _('Seconds of a binding to ask for'));
		add(form.ListValue, 'registration', _('Registration'), _('A message for each uplink, one for several, or the best uplink only'));
		add(form.Value, 'register_over', _('Register over'), _('The uplink that all registrations leave by'));
		add(form.Flag, 'delegation', _('Delegated prefixes'), _('The anchor gives the network prefixes'));
		add(form.ListValue, 'mode', _('Prefixes'), _('Whether registrations carry the prefixes'));
		add(form.Value, 'failover_after', _('Change of anchor'), _('Seconds of silence after which the next anchor is tried'));
		add(form.Flag, 'discover', _('Discover anchors'));
		add(form.Value, 'home_prefix', _('Home prefix'));
		add(form.ListValue, 'at_home', _('On the home link'));
		add(form.ListValue, 'renumbering', _('Renumbering'));
		add(form.Flag, 'route_optimization', _('Route optimisation'));
		add(form.DynamicList, 'correspondent', _('Correspondents'), _('With which it is kept up'));
		add(form.Value, 'direct_after', _('Others after'), _('Packets in a minute; 0: never'));
		add(form.DynamicList, 'direct_except', _('Never with'));

		add = part('correspondent', _('Correspondent'), true);
		add(form.Flag, 'enabled', _('Enabled'));
		add(form.DynamicList, 'mobile_node', _('Mobile nodes'), _('Home addresses that may have bindings'));
		add(form.Value, 'max_bindings', _('Most bindings'));
		add(form.Flag, 'several', _('Several care-of addresses'));
		add(form.Value, 'max_flows', _('Most flow bindings'), _('Of a home address'));
		add(form.Value, 'dialect', _('Dialect'), _('Section with numbers for Internet-Drafts'));

		add = part('dialect', _('Dialects of Internet-Drafts'), true);
		for (const name of rules.options('dialect'))
			add(form.Value, name, name);
		return forms.render(m);
	}
});
