'use strict';
'require view';
'require dom';
'require poll';
'require uci';
'require ui';
'require kedge.forms as forms';
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

	/* The faults of the configuration file, for whom may read it. */
	load() {
		const faults = uci.load('kedge').then(() => forms.faults(uci.sections('kedge')));
		return Promise.all([ this.fetch(), L.resolveDefault(faults, []) ]);
	},

	/* Status, flows, and the history of each mobile router. */
	fetch() {
		const status = model.status().catch(error => ({ problem: error.message }));
		const histories = status.then(known => Promise.all(model.routers(known).map(({ name }) => L.resolveDefault(model.history(this.span, name), null))));
		return Promise.all([ status, L.resolveDefault(model.flows(), []), histories ]);
	},

	render([ data, faults ]) {
		this.faults = faults;
		this.root = E('div', {});
		this.update(data);
		poll.add(() => this.fetch().then(fresh => this.update(fresh)));
		return E('div', {}, [ model.stylesheet(), E('h2', {}, _('Kedge')), this.root ]);
	},

	refresh() {
		return this.fetch().then(data => this.update(data));
	},

	/* Why there is nothing to show. */
	renderAbsence(status) {
		const [ title, ...texts ] = /-32002|denied/i.test(status.problem)
			? [ _('No permission'), _('This user may not see the status of Kedge: it takes the access group “luci-app-kedge-status”.') ]
			: status.problem
				? [ _('Kedge could not be asked'), status.problem ]
				: [ _('Kedge is not running'), this.faults.length
					? _('It starts as soon as the configuration has no faults:')
					: [ _('It starts as soon as there is an enabled mobile router or home agent and the service is enabled.'), ' ',
						E('a', { href: L.url('admin/network/kedge/pairing') }, _('Pair this router with its anchor')) ] ];
		return E('div', { class: 'alert-message warning' }, [
			E('h4', {}, title), ...texts.map(text => E('p', {}, [].concat(text))), status.problem ? '' : forms.list(this.faults) ]);
	},

	update([ status, flows, histories ]) {
		if (!status?.version) {
			dom.content(this.root, this.renderAbsence(status ?? {}));
			return;
		}
		const routers = model.routers(status);
		dom.content(this.root, [
			...status.warnings.map(text => E('div', { class: 'alert-message warning' }, [ text ])),
			this.faults.length ? E('div', { class: 'alert-message warning' }, [
				E('h4', {}, _('The configuration has faults')), E('p', {}, _('What is shown here goes on as it was configured before them.')), forms.list(this.faults) ]) : '',
			...routers.map((router, index) => {
				const own = flows.filter(flow => flow.role === 'mobile_router' && flow.node === router.name);
				return E('div', { 'data-router': router.name }, [
					routers.length > 1 ? E('h3', {}, _('Mobile router %s').format(router.name)) : '',
					...this.renderRouter(router, own),
					this.renderFlows(own, [ _('At the anchor') ], flow => [ this.agreed(router, flow) ]),
					this.renderHistory(router, histories[index]),
					this.renderBindings(router)
				]);
			}),
			...(status.homeAgent ? [
				this.renderAnchor(status.homeAgent),
				this.renderFlows(flows.filter(flow => flow.role === 'home_agent'), [ _('Peer') ], flow => [ flow.node ])
			] : [])
		]);
	},

	renderRouter(router, flows) {
		const carrier = router.active.uplink;
		return [
			E('div', { class: `kedge-hero ${carrier ? '' : 'bad'}` }, [
				E('strong', {}, carrier ? _('Traffic goes over %s').format(carrier) : _('No uplink carries traffic')),
				E('span', {}, `${model.reason(router.active.reason)} · ${model.duration(router.active.since)}`),
				E('span', {}, [ _('Anchor: %s').format(router.homeAgent ?? _('none found yet')), model.anchorReason(router.homeAgentChoice.reason) ].filter(text => text).join(' · ')),
				E('span', {}, _('Network: %s').format(router.prefixes.join(', ') || router.homeAddress)),
				router.refused ? E('span', {}, _('No anchor takes it: %s (%d)').format(router.refused.name, router.refused.status)) : '',
				router.preferred && this.mayChange()
					? E('button', { class: 'btn cbi-button', click: ui.createHandlerFn(this, () => this.prefer('', router)) }, _('Back to priorities'))
					: ''
			]),
			E('div', { class: 'kedge-cards' }, router.uplinks.map((uplink, index) => this.renderUplink(router, flows, uplink, index)))
		];
	},

	/* What an uplink carries, and why, or why nothing. */
	reasons(router, flows, uplink) {
		const carried = model.carried(flows, router, uplink).map(([ flow, percent ]) =>
			flow.action === 'replicate' ? _('copies of %s').format(flow.rule) : percent < 100 ? `${flow.rule} ${percent} %` : flow.rule);
		const lines = [];
		if (router.active.uplink === uplink.name)
			lines.push(`${flows.length ? _('Carries what no flow decides about') : _('Carries the traffic')}: ${model.reason(router.active.reason)}`);
		if (carried.length)
			lines.push(_('By policy: %s').format(carried.join(', ')));
		if (!lines.length)
			lines.push(uplink.state === 'registered' ? _('Stands by with priority %d').format(uplink.priority) : _('Carries nothing'));
		return lines.map(text => E('p', {}, [ text ]));
	},

	renderUplink(router, flows, uplink, index) {
		const isActive = router.active.uplink === uplink.name;
		const [ kind, state ] = model.state(uplink.state);
		const { rtt, jitter, loss, traffic } = uplink.path ?? {};
		const figures = [
			[ _('Round trip'), model.milliseconds(rtt) ],
			[ _('Jitter / loss'), `${model.milliseconds(jitter)} / ${model.percent(loss)}` ],
			[ _('Download'), model.bitRate(traffic?.rxBitRate) ],
			[ _('Upload'), model.bitRate(traffic?.txBitRate) ]
		];
		if (uplink.budget)
			figures.push([ _('Of the budget'), `${model.octets(uplink.budget.used)} / ${model.octets(uplink.budget.limit)}` ]);
		return E('div', { class: `kedge-card ${isActive ? 'active' : ''}`, style: `--kedge-colour:${model.colour(index)}` }, [
			E('header', {}, [ E('b', {}, uplink.name), E('span', { class: `kedge-badge ${kind}` }, state) ]),
			...this.reasons(router, flows, uplink),
			E('dl', { class: 'kedge-figures' }, figures.map(([ title, text ]) => E('div', {}, [ E('dt', {}, title), E('dd', {}, [ text ]) ]))),
			E('p', {}, [ [ uplink.interface, uplink.device, uplink.careOfAddress ].filter(text => text).join(' · ') ]),
			uplink.acknowledgement?.status > 127 ? E('p', {}, _('The anchor says: %s').format(uplink.acknowledgement.name)) : '',
			isActive || kind !== 'good' || !this.mayChange() ? '' : E('div', {}, E('button', {
				class: 'btn cbi-button', click: ui.createHandlerFn(this, () => this.prefer(uplink.name, router))
			}, _('Use this one')))
		]);
	},

	mayChange() {
		return L.hasViewPermission() !== false;
	},

	prefer(uplink, router) {
		return model.prefer(uplink, router.name).catch(error => ui.addNotification(null, E('p', {}, [ error.message ]), 'danger')).then(() => this.refresh());
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
		rows.forEach((cells, index) => table.append(E('tr', { class: `tr cbi-rowstyle-${index % 2 + 1}` }, cells.map((cell, column) => E('td', { class: 'td', 'data-title': titles[column] }, [ cell ])))));
		if (!rows.length)
			table.append(E('tr', { class: 'tr placeholder' }, E('td', { class: 'td' }, E('em', {}, nothing))));
		return table;
	},

	way(flow) {
		if (flow.action === 'drop')
			return _('dropped');
		const carriers = model.carriers(flow);
		const share = percent => flow.action !== 'replicate' && carriers.length > 1 ? ` ${percent} %` : '';
		return carriers.map(([ name, percent ]) => `${name ?? _('unreachable')}${share(percent)}`).join(flow.action === 'replicate' ? ' + ' : ', ');
	},

	/* What the anchor says of a flow of the router. */
	agreed(router, flow) {
		const binding = router.flowBindings.find(({ rule }) => rule === flow.rule);
		if (!binding)
			return _('decided here; answers come back the way that they went');
		return { accepted: _('agreed'), asked: _('asked'), inactive: _('none of its uplinks is registered') }[binding.state] ?? _('refused: %s').format(binding.refusal);
	},

	/* Where each flow goes now, by the daemon's word; titles and cells of further columns. */
	renderFlows(flows, titles, cells) {
		if (!flows.length)
			return '';
		const rows = flows.map(flow => [
			flow.rule, model.traffic(flow.matches), E('b', {}, [ this.way(flow) ]), ...cells(flow),
			flow.octets == null ? '–' : _('%s in %d packets').format(model.octets(flow.octets), flow.packets)
		]);
		return E('div', { class: 'cbi-section' }, [
			E('h3', {}, _('Flows')),
			this.table([ _('Flow'), _('Traffic'), _('Goes over'), ...titles, _('Volume') ], rows, '')
		]);
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

	/* What a binding at the anchor is for now. */
	use(node, { bid, path }) {
		const [ kind, text ] = path.state === 'dead' ? model.state('dead') : bid === node.active.bid ? [ 'good', _('in use') ] : [ 'idle', _('registered') ];
		return E('span', { class: `kedge-badge ${kind}` }, text);
	},

	renderAnchor(agent) {
		const rows = agent.nodes.flatMap(node => node.bindings.length
			? node.bindings.toSorted((a, b) => a.bid - b.bid).map(binding => [
				node.name, node.homeAddress, `${binding.bid}`, binding.careOfAddress, this.use(node, binding),
				this.lifetime(binding.lifetime), `${model.milliseconds(binding.path.rtt)} / ${model.percent(binding.path.loss)}`
			])
			: [ [ node.name, node.homeAddress, '–', '–', E('span', { class: 'kedge-badge idle' }, _('not registered')), '–', '–' ] ]);
		return E('div', { class: 'cbi-section' }, [
			E('h3', {}, _('Mobile routers of the anchor %s').format(agent.address)),
			this.table([ _('Peer'), _('Home address'), _('BID'), _('Care-of address'), _('State'), _('Lifetime left'), _('Round trip / loss') ], rows, _('There are no peers.'))
		]);
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
