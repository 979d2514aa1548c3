'use strict';
'require baseclass';
'require rpc';

const call = (method, params, expect) => rpc.declare({ object: 'uci', method, params, expect, reject: true });
const get = call('get', [ 'config' ], { values: {} });
const add = call('add', [ 'config', 'type', 'name', 'values' ]);
const set = call('set', [ 'config', 'section', 'values' ]);
const remove = call('delete', [ 'config', 'section', 'options' ]);
const order = call('order', [ 'config', 'sections' ]);
const isEmpty = value => value == null || value === '' || (Array.isArray(value) && !value.length);

/* What has been loaded, and what is different from it until save(). */
return baseclass.extend({
	__init__() {
		this.loaded = {};
		this.state = { values: {}, creates: {}, changes: {}, deletes: {}, reorder: {} };
	},

	changes: call('changes', [], { changes: {} }),

	load(packages) {
		return Promise.all(L.toArray(packages).map(conf => this.loaded[conf] ??= get(conf).then(values => {
			this.state.values[conf] = values;
		})));
	},

	unload(packages) {
		for (const conf of L.toArray(packages)) {
			delete this.loaded[conf];
			for (const part of Object.values(this.state))
				delete part[conf];
		}
	},

	part(name, conf) {
		return this.state[name][conf] ??= {};
	},

	section(conf, id) {
		const values = this.state.values[conf]?.[id] ?? this.state.creates[conf]?.[id];
		if (!values || this.state.deletes[conf]?.[id] === true)
			return null;
		const section = { ...values };
		for (const [ option, value ] of Object.entries(this.state.changes[conf]?.[id] ?? {}))
			section[option] = value;
		for (const option of Object.keys(section))
			if (isEmpty(section[option]) && !option.startsWith('.'))
				delete section[option];
		return section;
	},

	sections(conf, type) {
		const ids = Object.keys({ ...this.state.values[conf], ...this.state.creates[conf] });
		const index = section => this.state.reorder[conf]?.indexOf(section['.name']) ?? section['.index'];
		return ids.map(id => this.section(conf, id)).filter(section => section && (!type || section['.type'] === type))
			.sort((a, b) => index(a) - index(b));
	},

	add(conf, type, name) {
		const id = name || `new${Math.random().toString(16).slice(2, 8)}`;
		this.part('creates', conf)[id] = { '.type': type, '.name': id, '.anonymous': !name, '.index': 1000 + Object.keys(this.part('creates', conf)).length };
		delete this.part('deletes', conf)[id];
		return id;
	},

	remove(conf, id) {
		if (this.state.creates[conf]?.[id])
			delete this.state.creates[conf][id];
		else
			this.part('deletes', conf)[id] = true;
		delete this.part('changes', conf)[id];
	},

	get(conf, id, option) {
		const section = this.section(conf, id);
		return option === undefined ? section : section?.[option] ?? null;
	},

	set(conf, id, option, value) {
		const created = this.state.creates[conf]?.[id];
		if (created)
			created[option] = value;
		else
			(this.part('changes', conf)[id] ??= {})[option] = isEmpty(value) ? null : value;
	},

	unset(conf, id, option) {
		if (this.get(conf, id, option) !== null)
			this.set(conf, id, option, null);
	},

	move(conf, id, next, after) {
		const ids = this.sections(conf).map(section => section['.name']).filter(each => each !== id);
		ids.splice(ids.indexOf(next) + (after ? 1 : 0), 0, id);
		this.state.reorder[conf] = ids;
		return true;
	},

	async save() {
		const { creates, changes, deletes, reorder } = this.state;
		this.state = { ...this.state, creates: {}, changes: {}, deletes: {}, reorder: {} };
		const touched = new Set([ creates, changes, deletes, reorder ].flatMap(part => Object.keys(part)));
		for (const conf of touched) {
			for (const { '.name': name, '.type': type, '.anonymous': anonymous, '.index': _index, ...values } of Object.values(creates[conf] ?? {}))
				await add(conf, type, anonymous ? undefined : name, Object.fromEntries(Object.entries(values).filter(([ , value ]) => !isEmpty(value))));
			for (const [ id, options ] of Object.entries(changes[conf] ?? {})) {
				const given = Object.entries(options).filter(([ , value ]) => value !== null);
				const gone = Object.keys(options).filter(option => options[option] === null);
				if (given.length)
					await set(conf, id, Object.fromEntries(given));
				if (gone.length)
					await remove(conf, id, gone);
			}
			for (const id of Object.keys(deletes[conf] ?? {}))
				await remove(conf, id);
			if (reorder[conf])
				await order(conf, reorder[conf]);
			delete this.loaded[conf];
			await this.load(conf);
		}
	}
});
