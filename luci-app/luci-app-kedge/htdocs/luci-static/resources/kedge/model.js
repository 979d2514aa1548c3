'use strict';
'require baseclass';
'require rpc';

const REASONS = {
	'lowest-priority-value': _('best priority of the live uplinks'),
	'preferred-by-operator': _('preferred by hand'),
	'at-home': _('on the home link, without a tunnel'),
	'only-one-alive': _('the only live uplink'),
	'best-quality': _('the others are degraded or held back'),
	'unmetered': _('the others cost money'),
	'within-budget': _('the others have used up their budget'),
	'last-resort': _('nothing answers; at least registered'),
	'none': _('no uplink is registered')
};

const ANCHORS = {
	'failover': _('others have failed'),
	'operator': _('chosen by hand')
};

const STATES = {
	'no-device': [ 'bad', _('no device') ],
	'no-carrier': [ 'bad', _('no carrier') ],
	'no-address': [ 'bad', _('no address') ],
	'no-route': [ 'bad', _('no route') ],
	'registering': [ 'busy', _('registering') ],
	'reserve': [ 'idle', _('in reserve') ],
	'registered': [ 'good', _('alive') ],
	'at-home': [ 'good', _('at home') ],
	'home-unused': [ 'idle', _('home link, unused') ],
	'refused': [ 'bad', _('refused') ],
	'dead': [ 'bad', _('no answers') ],
	'degraded': [ 'busy', _('too bad') ],
	'unsteady': [ 'busy', _('held back') ],
	'used-up': [ 'idle', _('budget used up') ]
};

const WORDS = [
	[ /meta l4proto \{ 6, 17, 33, 132, 136 \} /g, '' ],
	[ /meta l4proto (\d+)/g, (all, number) => ({ 6: 'tcp', 17: 'udp', 47: 'gre', 50: 'esp', 58: 'icmpv6', 132: 'sctp' }[number] ?? _('protocol %s').format(number)) ],
	[ /ether saddr/g, _('device') ],
	[ /ip6 saddr/g, _('from') ],
	[ /ip6 daddr/g, _('to') ],
	[ /ip6 dscp (\d+)/g, (all, number) => `DSCP ${codepoint(+number)}` ],
	[ /th sport/g, _('source port') ],
	[ /th dport/g, _('port') ],
	[ /meta mark & (\S+) == (\S+)/g, _('mark %s').format('$2/$1') ]
];

/* Names of code points as RFC 2474, RFC 2597 and RFC 3246 have them. */
function codepoint(number) {
	const [ high, low ] = [ number >> 3, number & 7 ];
	return number === 46 ? 'ef' : low === 0 ? `cs${high}` : high >= 1 && high <= 4 && [ 2, 4, 6 ].includes(low) ? `af${high}${low / 2}` : `${number}`;
}

return baseclass.extend({
	status: rpc.declare({ object: 'kedge', method: 'status' }),
	flows: rpc.declare({ object: 'kedge', method: 'flows', expect: { flows: [] } }),
	history: rpc.declare({ object: 'kedge', method: 'history', params: [ 'span', 'router' ] }),
	prefer: rpc.declare({ object: 'kedge', method: 'prefer', params: [ 'uplink', 'router' ], reject: true }),
	check: rpc.declare({ object: 'kedge', method: 'check', params: [ 'text' ] }),

	reason(reason) {
		return REASONS[reason] ?? reason;
	},

	/* Why it is this anchor; empty: it is the first choice. */
	anchorReason(reason) {
		return ANCHORS[reason] ?? '';
	},

	/* All mobile routers of a status. */
	routers(status) {
		return status.mobileRouter ? [ status.mobileRouter, ...(status.otherMobileRouters ?? []) ] : [];
	},

	/* Flows that a policy of the router sends over an uplink now: [ flow, share in percent ]. */
	carried(flows, router, uplink) {
		return flows.filter(flow => flow.role === 'mobile_router' && flow.node === router.name).flatMap(flow =>
			this.carriers(flow).filter(([ name ]) => name === uplink.name).map(([ , percent ]) => [ flow, percent ]));
	},

	/* [ 'good' | 'bad' | 'busy' | 'idle', text ] */
	state(state) {
		return STATES[state] ?? [ 'idle', state ];
	},

	duration(seconds) {
		const s = Math.max(0, Math.floor(seconds));
		const parts = [ [ 86400, 'd' ], [ 3600, 'h' ], [ 60, 'min' ], [ 1, 's' ] ];
		const at = parts.findIndex(([ unit ]) => s >= unit);
		if (at < 0)
			return '0 s';
		const [ large, small ] = [ parts[at], parts[at + 1] ];
		const rest = small ? Math.floor((s % large[0]) / small[0]) : 0;
		return `${Math.floor(s / large[0])} ${large[1]}` + (rest ? ` ${rest} ${small[1]}` : '');
	},

	milliseconds(value) {
		return value == null || isNaN(value) ? '–' : `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ms`;
	},

	percent(value) {
		return value == null || isNaN(value) ? '–' : `${value.toFixed(1)} %`;
	},

	bitRate(value) {
		if (value == null || isNaN(value))
			return '–';
		const units = [ 'bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s' ];
		let unit = 0;
		while (value >= 1000 && unit < 3) {
			value /= 1000;
			unit++;
		}
		return `${unit && value < 100 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
	},

	octets(value) {
		const units = [ 'B', 'kB', 'MB', 'GB', 'TB' ];
		let unit = 0;
		while (value >= 1000 && unit < 4) {
			value /= 1000;
			unit++;
		}
		return `${unit && value < 100 ? value.toFixed(1) : value.toFixed(0)} ${units[unit]}`;
	},

	/* What nft compares, in the words of the page of flows. */
	traffic(matches) {
		return matches.map(text => WORDS.reduce((result, [ pattern, word ]) => result.replace(pattern, word), text)).join(', ') || _('all the rest');
	},

	/* [ name of an uplink, or null: none may; share in percent ] of what a flow goes over now. */
	carriers({ shares }) {
		const weights = new Map();
		for (const { carrier, weight } of shares)
			weights.set(carrier, (weights.get(carrier) ?? 0) + weight);
		const total = [ ...weights.values() ].reduce((sum, weight) => sum + weight, 0);
		return [ ...weights ].map(([ name, weight ]) => [ name, Math.round(100 * weight / total) ]);
	},

	/* Numbers of a series of `history`, NaN where nothing is known. */
	numbers(series) {
		return series.split(',').map(word => word === '' ? NaN : +word);
	},

	/* A colour for each uplink, the same on all pages. */
	colour(index) {
		return `var(--kedge-${index % 6 + 1})`;
	},

	stylesheet() {
		return E('link', { rel: 'stylesheet', href: L.resource('kedge/kedge.css') });
	}
});
