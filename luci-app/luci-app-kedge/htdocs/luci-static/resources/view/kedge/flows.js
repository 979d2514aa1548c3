'use strict';
'require view';
'require form';
'require uci';
'require kedge.forms as forms';

return view.extend({
	load() {
		return uci.load('kedge');
	},

	render() {
		const m = new form.Map('kedge', _('Flows'), _('Which traffic goes which way. The first flow that fits decides; drag them into order. What fits none goes over the best uplink.'));
		const s = m.section(form.GridSection, 'flow');
		s.addremove = true;
		s.sortable = true;
		s.nodescriptions = true;
		s.addbtntitle = _('Add flow');
		forms.name(s, 'flow');
		s.tab('match', _('Which traffic'));
		s.tab('action', _('Which way'));
		const add = (tab, widget, name, title, description) => forms.option(s, tab, widget, 'flow', name, title, description);
		const uplinks = uci.sections('kedge', 'uplink').map(section => section['.name']);

		add('match', form.Flag, 'enabled', _('Enabled')).editable = true;
		const match = s.taboption('match', form.DummyValue, '_match', _('Traffic'));
		match.modalonly = false;
		match.cfgvalue = id => [
			[ 'src', _('from') ], [ 'mac', _('device') ], [ 'dest', _('to') ], [ 'proto', '' ], [ 'src_port', _('source port') ],
			[ 'dest_port', _('port') ], [ 'dscp', 'DSCP' ], [ 'mark', _('mark') ]
		].flatMap(([ option, word ]) => {
			const value = uci.get('kedge', id, option);
			return value ? [ `${word} ${[].concat(value).join(', ')}`.trim() ] : [];
		}).join(' · ') || _('all the rest');
		const way = s.taboption('action', form.DummyValue, '_way', _('Way'));
		way.modalonly = false;
		way.cfgvalue = id => {
			const action = uci.get('kedge', id, 'action') ?? 'prefer';
			const names = [].concat(uci.get('kedge', id, 'uplink') ?? []);
			const avoid = [].concat(uci.get('kedge', id, 'avoid') ?? []);
			if (action === 'drop')
				return _('is dropped');
			return [ names.join({ balance: ' : ', replicate: ' + ' }[action] ?? ' → '), uci.get('kedge', id, 'only') === '1' ? _('no other') : '',
				avoid.length ? _('never %s').format(avoid.join(', ')) : '' ].filter(text => text).join(' · ');
		};

		for (const o of [
			add('match', form.DynamicList, 'mac', _('Device'), _('Hardware address of a device in the mobile network')),
			add('match', form.DynamicList, 'src', _('Source'), _('Addresses or prefixes in the mobile network')),
			add('match', form.DynamicList, 'dest', _('Destination'), _('Addresses or prefixes outside')),
			add('match', form.DynamicList, 'proto', _('Protocol'), _('e.g. tcp, udp, icmpv6')),
			add('match', form.DynamicList, 'src_port', _('Source port'), _('A port, or a range as 8000-8010')),
			add('match', form.DynamicList, 'dest_port', _('Destination port'), _('A port, or a range')),
			add('match', form.DynamicList, 'dscp', _('DSCP'), _('e.g. ef, af41 or a number')),
			add('match', form.Value, 'mark', _('Firewall mark')),
			add('match', form.DynamicList, 'mobile_router', _('Mobile router'), _('Sections that it is for; by default all')),
			add('action', form.ListValue, 'action', _('Action'), _('prefer: the first live uplink of the list. balance: shares by weight. replicate: a copy over each. drop: nothing leaves.'))
		])
			o.modalonly = true;
		const list = add('action', form.DynamicList, 'uplink', _('Uplinks'), _('In order of preference; to balance, a name and a weight, e.g. “lte 70”'));
		const avoid = add('action', form.DynamicList, 'avoid', _('Never over'));
		for (const name of uplinks) {
			list.value(name);
			avoid.value(name);
		}
		for (const o of [
			list, avoid,
			add('action', form.Flag, 'only', _('No other uplink'), _('Without the uplinks of the list the flow is unreachable')),
			add('action', form.ListValue, 'per', _('Balance by')),
			add('action', form.Flag, 'quality', _('Sensitive to quality'), _('Leaves an uplink that has become bad before others do'))
		])
			o.modalonly = true;
		return forms.render(m);
	}
});
