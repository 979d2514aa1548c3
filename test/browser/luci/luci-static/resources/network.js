'use strict';
'require baseclass';
'require rpc';

const dump = rpc.declare({ object: 'network.interface', method: 'dump', expect: { interface: [] } });

class Network {
	constructor(data) {
		this.data = data;
	}

	getName() {
		return this.data.interface;
	}
}

class Protocol extends Network {
	_ubus(field) {
		return this.data[field];
	}
}

const has = target => ({ data }) => data.route.some(route => route.target === target && route.mask === 0);

return baseclass.extend({
	protocols: {},

	getNetworks: () => dump().then(all => all.map(data => new Network(data))),

	getWANNetworks() {
		return this.getNetworks().then(all => all.filter(has('0.0.0.0')));
	},

	getWAN6Networks() {
		return this.getNetworks().then(all => all.filter(has('::')));
	},

	getIfnameOf: name => name,

	registerProtocol(name, members) {
		const Class = class extends Protocol {};
		Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(members));
		return this.protocols[name] = Class;
	}
});
