'use strict';
'require view';
'require dom';
'require poll';
'require ui';
'require kedge.model as model';
'require kedge.graph as graph';

const SPANS = [ [ 900, _('15 min') ], [ 7200, _('2 h') ], [ 86400, _('24 h') ] ];
const VALUES = {
	rtt: [ _('Round-trip time'), 'rtt', model.milliseconds, 10 ],
	loss: [ _('Loss'), 'loss', model.percent, 5 ],
	received: [ _('Download'), 'received', model.bitRate, 1000 ],
	sent: [ _('Upload'), 'sent', model.bitRate, 1000 ]
};

return view.extend({
	span: 900,
	value: 'rtt',

	load() {
		return this.fetch();
	},

	fetch() {
		return Promise.all([
			L.resolveDefault(model.status(), null),
			L.resolveDefault(model.history(this.span), null)
		]);
	},

	render(data) {
		this.root = E('div', {});
		this.update(data);
		poll.add(() => this.fetch().then(fresh => this.update(fresh)), 5);
		return E('div', {}, [ model.stylesheet(), E('h2', {}, _('Kedge')), this.root ]);
	},

	refresh() {
		return this.fetch().then(data => this.update(data));
	},

	update([ status, history ]) {
		if (!status?.version) {
			dom.content(this.root, E('div', { class: 'alert-message warning' }, [
				E('h4', {}, _('Kedge is not running')),
				E('p', {}, [ _('It starts as soon as there is an enabled mobile router or home agent in a configuration without faults.'), ' ',
					E('a', { href: L.url('admin/network/kedge/pairing') }, _('Pair this router with its anchor')) ])
			]));
			return;
		}
		const routers = status.mobileRouter ? [ status.mobileRouter, ...(status.otherMobileRouters ?? []) ] : [];
		dom.content(this.root, [
			...status.warnings.map(text => E('div', { class: 'alert-message warning' }, text)),
			...routers.flatMap(router => this.renderRouter(router)),
			...(status.mobileRouter ? [ this.renderHistory(status.mobileRouter, history) ] : []),
			...routers.map(router => this.renderBindings(router)),
			...(status.homeAgent ? [ this.renderAnchor(status.homeAgent) ] : [])
		]);
	},

	renderRouter(router) {
		const carrier = router.active.uplink;
		return [
			E('div', { class: `kedge-hero ${carrier ? '' : 'bad'}` }, [
				E('strong', {}, carrier ? _('Traffic goes over %s').format(carrier) : _('No uplink carries traffic')),
				E('span', {}, `${model.reason(router.active.reason)} · ${model.duration(router.active.since)}`),
				E('span', {}, _('Anchor: %s').format(router.homeAgent ?? _('none found yet'))),
				E('span', {}, _('Network: %s').format(router.prefixes.join(', ') || router.homeAddress)),
				router.preferred
					? E('button', { class: 'btn cbi-button', click: ui.createHandlerFn(this, () => this.prefer('', router)) }, _('Back to priorities'))
					: ''
			]),
			E('div', { class: 'kedge-cards' }, router.uplinks.map((uplink, index) => this.renderUplink(router, uplink, index)))
		];
	},

	renderUplink(router, uplink, index) {
		const isActive = router.active.uplink === uplink.name;
		const [ kind, state ] = model.state(uplink.state);
		const { rtt, jitter, loss, traffic } = uplink.path ?? {};
		const figures = [
			[ _('Round trip'), model.milliseconds(rtt) ],
			[ _('Jitter / loss'), `${model.milliseconds(jitter)} / ${model.percent(loss)}` ],
			[ _('Download'), model.bitRate(traffic?.rxBitRate) ],
			[ _('Upload'), model.bitRate(traffic?.txBitRate) ]
		];
		return E('div', { class: `kedge-card ${isActive ? 'active' : ''}`, style: `--kedge-colour:${model.colour(index)}` }, [
			E('header', {}, [ E('b', {}, uplink.name), E('span', { class: `kedge-badge ${kind}` }, state) ]),
			E('p', {}, isActive ? _('Carries the traffic: %s').format(model.reason(router.active.reason)) : _('Stands by with priority %d').format(uplink.priority)),
			E('dl', { class: 'kedge-figures' }, figures.map(([ title, text ]) => E('div', {}, [ E('dt', {}, title), E('dd', {}, text) ]))),
			E('p', {}, `${uplink.device}${uplink.careOfAddress ? ' · ' + uplink.careOfAddress : ''}`),
			uplink.acknowledgement?.status > 127 ? E('p', {}, _('The anchor says: %s').format(uplink.acknowledgement.name)) : '',
			isActive || kind !== 'good' ? '' : E('div', {}, E('button', {
				class: 'btn cbi-button', click: ui.createHandlerFn(this, () => this.prefer(uplink.name, router))
			}, _('Use this one')))
		]);
	},

	prefer(uplink, router) {
		return model.prefer(uplink, router.name).then(() => this.refresh());
	},

	choice(label, options, chosen, choose) {
		return E('span', { class: 'kedge-choice', role: 'group', 'aria-label': label }, options.map(([ value, text ]) =>
			E('button', { 'aria-pressed': `${value === chosen}`, click: () => choose(value) }, text)));
	},

	renderHistory(router, history) {
		if (!history?.uplinks)
			return '';
		const names = router.uplinks.map(uplink => uplink.name);
		const colourOf = name => model.colour(names.indexOf(name));
		const [ title, key, format, least ] = VALUES[this.value];
		const lines = names.filter(name => history.uplinks[name]).map(name => ({
			name, colour: colourOf(name), points: model.numbers(history.uplinks[name][key])
		}));
		const seconds = history.step * (lines[0]?.points.length ?? 1);
		return E('div', { class: 'cbi-section' }, [
			E('h3', {}, _('The last hours')),
			this.choice(_('Value'), Object.entries(VALUES).map(([ value, [ text ] ]) => [ value, text ]), this.value, value => {
				this.value = value;
				this.refresh();
			}),
			this.choice(_('Time'), SPANS, this.span, span => {
				this.span = span;
				this.refresh();
			}),
			E('div', { class: 'kedge-legend' }, names.map(name => E('span', { style: `--kedge-colour:${colourOf(name)}` }, [ E('i', {}), name ]))),
			lines.length ? graph.lines({ lines, step: history.step, format, least, label: title }) : E('em', {}, _('The first figures come after ten seconds.')),
			graph.timeline(history.handovers, seconds, colourOf),
			E('ul', { class: 'kedge-events' }, history.handovers.slice(-40).reverse().map(handover => E('li', {}, [
				E('time', {}, _('%s ago').format(model.duration(handover.ago))),
				E('span', {}, [
					E('b', {}, handover.to ?? _('nothing')), ' ', handover.from ? _('after %s').format(handover.from) : _('first'), ' · ',
					model.reason(handover.reason), handover.left ? ` · ${handover.from}: ${model.state(handover.left)[1]}` : ''
				])
			])))
		]);
	},

	table(titles, rows, nothing) {
		const table = E('table', { class: 'table cbi-section-table' }, E('tr', { class: 'tr table-titles' }, titles.map(title => E('th', { class: 'th' }, title))));
		rows.forEach((cells, index) => table.append(E('tr', { class: `tr cbi-rowstyle-${index % 2 + 1}` }, cells.map((cell, column) => E('td', { class: 'td', 'data-title': titles[column] }, cell)))));
		if (!rows.length)
			table.append(E('tr', { class: 'tr placeholder' }, E('td', { class: 'td' }, E('em', {}, nothing))));
		return table;
	},

	lifetime(binding) {
		return _('%s of %s').format(model.duration(binding.remaining), model.duration(binding.granted));
	},

	renderBindings(router) {
		const rows = router.uplinks.filter(uplink => uplink.binding).map(uplink => [
			uplink.name, `${uplink.bid}`, uplink.careOfAddress ?? '–', this.lifetime(uplink.binding),
			uplink.acknowledgement ? `${uplink.acknowledgement.name} (${uplink.acknowledgement.status})` : '–'
		]);
		return E('div', { class: 'cbi-section' }, [
			E('h3', {}, _('Bindings at the anchor')),
			E('p', {}, _('What the anchor has acknowledged to %s, home address %s.').format(router.name, router.homeAddress)),
			this.table([ _('Uplink'), _('BID'), _('Care-of address'), _('Lifetime left'), _('Anchor\'s answer') ], rows, _('The anchor holds no binding.'))
		]);
	},

	renderAnchor(agent) {
		const rows = agent.nodes.flatMap(node => node.bindings.length
			? node.bindings.map(binding => [
				node.name, node.homeAddress, binding.bid === node.active.bid ? `${binding.bid} ◄` : `${binding.bid}`, binding.careOfAddress,
				this.lifetime(binding.lifetime), `${model.milliseconds(binding.path.rtt)} / ${model.percent(binding.path.loss)}`
			])
			: [ [ node.name, node.homeAddress, '–', _('not registered'), '–', '–' ] ]);
		return E('div', { class: 'cbi-section' }, [
			E('h3', {}, _('Mobile routers of the anchor %s').format(agent.address)),
			this.table([ _('Peer'), _('Home address'), _('BID'), _('Care-of address'), _('Lifetime left'), _('Round trip / loss') ], rows, _('There are no peers.'))
		]);
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
