'use strict';
'require view';
'require dom';
'require fs';
'require network';
'require uci';
'require ui';
'require kedge.forms as forms';
'require kedge.model as model';
'require kedge.rules as rules';

return view.extend({
	load() {
		return Promise.all([ uci.load('kedge'), L.resolveDefault(network.getWANNetworks(), []), L.resolveDefault(network.getWAN6Networks(), []) ]);
	},

	render([ , wan, wan6 ]) {
		this.interfaces = [ ...new Set([ ...wan6, ...wan ].map(net => net.getName())) ];
		this.result = E('div', {});
		const line = E('textarea', { class: 'kedge-line', id: 'kedge-line', spellcheck: 'false', autocomplete: 'off', placeholder: 'kedge:AQ…', input: () => this.look(line.value) });
		return E('div', {}, [
			model.stylesheet(),
			E('h2', {}, _('Pairing')),
			E('div', { class: 'cbi-map-descr' }, [ _('Paste the line that the anchor prints.'), ' ', E('code', {}, 'kedge pair NAME'), ' ', _('shows it, also as a QR code. It contains the key.') ]),
			E('div', { class: 'cbi-section' }, [ E('label', { for: 'kedge-line' }, _('Pairing line')), line, this.result ])
		]);
	},

	look(text) {
		if (text.trim() === '')
			return dom.content(this.result, '');
		const decoded = rules.decodePairing(text);
		if (!decoded.ok)
			return dom.content(this.result, E('div', { class: 'alert-message warning' }, [ decoded.problem ]));
		const { name, sections } = decoded;
		const [ router ] = sections;
		const options = Object.fromEntries(router.options);
		const uplinks = uci.sections('kedge', 'uplink').map(section => section['.name']);
		this.boxes = uplinks.length ? [] : this.interfaces.map(each => E('input', { type: 'checkbox', value: each, checked: '', id: `kedge-uplink-${each}` }));
		const facts = [
			[ _('Mobile router'), name ], [ _('Home address'), options.home_address ], [ _('Anchor'), options.home_agent.join(', ') ],
			[ _('Networks'), options.prefix.join(', ') || '–' ], [ _('Authentication'), options.spi ? _('key number %s').format(options.spi) : _('none') ]
		];
		dom.content(this.result, [
			E('div', { class: 'kedge-card kedge-pairing active', style: '--kedge-colour:var(--kedge-good)' }, [
				E('dl', { class: 'kedge-figures' }, facts.map(([ title, value ]) => E('div', {}, [ E('dt', {}, title), E('dd', { style: 'overflow-wrap:anywhere' }, [ value ]) ]))),
				uplinks.length ? E('p', {}, _('Uplinks: %s').format(uplinks.join(', '))) : E('div', {}, [
					E('p', {}, _('Uplinks to use:')),
					...this.boxes.map(box => E('label', { style: 'display:inline-block;margin-right:1em' }, [ box, ' ', box.value ])),
					this.boxes.length ? '' : E('em', {}, _('None found: add one on the page “Uplinks” afterwards.'))
				])
			]),
			E('div', { class: 'cbi-page-actions' }, E('button', { class: 'btn cbi-button-positive', id: 'kedge-pair', click: ui.createHandlerFn(this, 'pair', decoded) }, _('Configure this router')))
		]);
	},

	pair(decoded) {
		for (const { type, name, options } of decoded.sections) {
			if (uci.get('kedge', name)?.['.type'] !== type)
				uci.add('kedge', type, name);
			for (const option of type === 'mobile_router' ? rules.decided : [])
				uci.unset('kedge', name, option);
			for (const [ option, value ] of options)
				uci.set('kedge', name, option, Array.isArray(value) && !value.length ? null : value);
		}
		for (const box of this.boxes.filter(({ checked }) => checked)) {
			const name = box.value.toLowerCase().replace(/[^a-z0-9_]/g, '_').slice(0, 11);
			uci.add('kedge', 'uplink', name);
			uci.set('kedge', name, 'interface', box.value);
		}
		/* Not the daemon's verdict: the key is not in its file yet. */
		const { faults } = rules.check(forms.text(uci.sections('kedge')));
		if (faults.length) {
			uci.unload('kedge');
			return uci.load('kedge').then(() => dom.content(this.result, E('div', { class: 'alert-message warning' }, [ forms.list(faults.map(({ message }) => message)) ])));
		}
		const key = decoded.key === '' ? Promise.resolve() : fs.write(decoded.keyFile, decoded.key, 0o600);
		return key.then(() => uci.save()).then(() => ui.changes.init()).then(() => ui.changes.apply(true));
	},

	handleSave: null,
	handleSaveApply: null,
	handleReset: null
});
