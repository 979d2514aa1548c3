'use strict';
'require baseclass';
'require kedge.model as model';

return baseclass.extend({
	title: _('Kedge'),

	load() {
		return L.resolveDefault(model.status(), null);
	},

	render(status) {
		const router = status?.mobileRouter;
		const agent = status?.homeAgent;
		if (!router && !agent)
			return null;
		return E('div', {}, [
			model.stylesheet(),
			E('div', { class: 'kedge-tile' }, (router?.uplinks ?? []).map((uplink, index) => {
				const [ kind, text ] = model.state(uplink.state);
				const isActive = router.active.uplink === uplink.name;
				return E('div', { class: `kedge-card ${isActive ? 'active' : ''}`, style: `--kedge-colour:${model.colour(index)}` }, [
					E('header', {}, [ E('b', {}, uplink.name), E('span', { class: `kedge-badge ${kind}` }, text) ]),
					E('p', {}, `${isActive ? _('carries the traffic') : _('stands by')} · ${model.milliseconds(uplink.path?.rtt)} · ${model.percent(uplink.path?.loss)}`)
				]);
			})),
			agent ? E('p', {}, _('Anchor %s: %d of %d mobile routers are registered').format(
				agent.address, agent.nodes.filter(node => node.bindings.length).length, agent.nodes.length)) : '',
			E('a', { href: L.url('admin/status/kedge') }, _('Details'))
		]);
	}
});
