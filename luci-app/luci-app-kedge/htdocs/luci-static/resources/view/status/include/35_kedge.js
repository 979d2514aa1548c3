'use strict';
'require baseclass';
'require kedge.model as model';

return baseclass.extend({
	title: _('Kedge'),

	load() {
		return Promise.all([ L.resolveDefault(model.status(), null), L.resolveDefault(model.flows(), []) ]);
	},

	/* What an uplink does for its router, in few words. */
	work(flows, router, uplink) {
		if (router.active.uplink === uplink.name)
			return _('carries the traffic');
		if (model.carried(flows, router, uplink).length)
			return _('carries some flows');
		return uplink.state === 'registered' ? _('stands by') : _('carries nothing');
	},

	renderRouter(flows, router) {
		return E('div', { class: 'kedge-tile' }, router.uplinks.map((uplink, index) => {
			const [ kind, text ] = model.state(uplink.state);
			return E('div', { class: `kedge-card ${router.active.uplink === uplink.name ? 'active' : ''}`, style: `--kedge-colour:${model.colour(index)}` }, [
				E('header', {}, [ E('b', {}, uplink.name), E('span', { class: `kedge-badge ${kind}` }, text) ]),
				E('p', {}, `${this.work(flows, router, uplink)} · ${model.milliseconds(uplink.path?.rtt)} · ${model.percent(uplink.path?.loss)}`)
			]);
		}));
	},

	render([ status, flows ]) {
		const agent = status?.homeAgent;
		const routers = status?.version ? model.routers(status) : [];
		if (!routers.length && !agent)
			return null;
		return E('div', {}, [
			model.stylesheet(),
			...routers.flatMap(router => [ routers.length > 1 ? E('h4', {}, router.name) : '', this.renderRouter(flows, router) ]),
			agent ? E('p', {}, _('Anchor %s: %d of %d mobile routers are registered').format(
				agent.address, agent.nodes.filter(node => node.bindings.length).length, agent.nodes.length)) : '',
			E('a', { href: L.url('admin/status/kedge') }, _('Details'))
		]);
	}
});
