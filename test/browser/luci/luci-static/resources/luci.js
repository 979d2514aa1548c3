/*
 * A stand-in of LuCI where there is no LuCI: as much of its documented API as kedge's pages use, with the class names of its
 * markup. The tests that run with it run with LuCI's own JavaScript too where LUCI_ROOT names it. This file: classes, the loader,
 * elements, polling and views.
 */
'use strict';

class Base {
	constructor(...args) {
		this.__init__?.(...args);
	}

	static extend(members) {
		const Class = class extends this {};
		Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(members));
		return Class;
	}

	super(name, args) {
		let place = this;
		while (!Object.hasOwn(place, name))
			place = Object.getPrototypeOf(place);
		return Object.getPrototypeOf(place)[name].apply(this, args);
	}
}

const dom = {
	/* Strings in a list are text; a string by itself is markup. */
	append(node, children) {
		if (Array.isArray(children)) {
			for (const child of children.filter(each => each != null))
				node.append(child instanceof Node ? child : document.createTextNode(`${child}`));
		} else if (children instanceof Node) {
			node.append(children);
		} else if (children != null) {
			node.innerHTML = `${children}`;
		}
		return node;
	},

	content(node, children) {
		node.replaceChildren();
		return dom.append(node, children);
	},

	attr(node, attributes) {
		for (const [ name, value ] of Object.entries(attributes ?? {})) {
			if (typeof value === 'function')
				node.addEventListener(name, value);
			else if (value != null)
				node.setAttribute(name, value);
		}
	},

	elem: value => value instanceof Node,
	instances: new WeakMap(),

	bindClassInstance(node, instance) {
		node.setAttribute('data-instance', '');
		dom.instances.set(node, instance);
	},

	callClassMethod(node, method, ...args) {
		return dom.instances.get(node)?.[method]?.(...args);
	}
};

function E(tag, ...rest) {
	if (Array.isArray(tag))
		return dom.append(document.createDocumentFragment(), tag);
	const attributes = rest.length && rest[0] !== null && typeof rest[0] === 'object' && !Array.isArray(rest[0]) && !(rest[0] instanceof Node) ? rest.shift() : {};
	const node = document.createElement(tag);
	dom.attr(node, attributes);
	return dom.append(node, rest[0]);
}

const poll = {
	add(action, interval = L.env.pollinterval) {
		window.setInterval(() => action().catch(L.error), interval * 1000);
	}
};

class View extends Base {
	load() {}

	__init__() {
		const view = document.getElementById('view');
		Promise.resolve(this.load()).then(data => this.render(data)).then(nodes => dom.content(view, [ nodes, this.footer() ])).catch(L.error);
	}

	maps() {
		return [ ...document.querySelectorAll('#view .cbi-map') ].map(node => dom.instances.get(node));
	}

	handleSave() {
		return Promise.all(this.maps().map(map => map.save()));
	}

	handleSaveApply() {
		return this.handleSave().then(() => L.modules.get('ui').then(ui => ui.changes.apply(true)));
	}

	handleReset() {
		return Promise.all(this.maps().map(map => map.reset()));
	}

	footer() {
		const button = (handler, kind, text) => this[handler]
			? E('button', { class: `btn cbi-button cbi-button-${kind}`, click: () => this[handler]() }, text) : null;
		return this.handleSave
			? E('div', { class: 'cbi-page-actions' }, [ button('handleSaveApply', 'apply', _('Save & Apply')), button('handleSave', 'save', _('Save')), button('handleReset', 'reset', _('Reset')) ])
			: null;
	}
}

class LuCI {
	constructor(env) {
		this.env = env;
		this.modules = new Map(Object.entries({ baseclass: Base, dom, poll, view: View }).map(([ name, module ]) => [ name, Promise.resolve(module) ]));
		this.dom = dom;
	}

	/* An instance of the class that a file returns, made with the modules that the file asks for first. */
	require(name) {
		if (!this.modules.has(name))
			this.modules.set(name, this.load(name));
		return this.modules.get(name);
	}

	async load(name) {
		const url = this.resource(`${name.replaceAll('.', '/')}.js`);
		const response = await fetch(url);
		if (!response.ok)
			throw new Error(`HTTP error ${response.status} while loading ${url}`);
		const source = await response.text();
		const wanted = [ ...source.matchAll(/^'require ([\w.]+)(?: as (\w+))?';$/gm) ];
		const modules = await Promise.all(wanted.map(([ , module ]) => this.require(module)));
		const names = wanted.map(([ , module, alias ]) => alias ?? module.replace(/\W/g, '_'));
		const Class = new Function('L', ...names, `${source}\n//# sourceURL=${url}`)(this, ...modules);
		return new Class();
	}

	resource(path) {
		return `${this.env.resource}/${path}`;
	}

	/* Null: what the page depends on is not there. */
	hasViewPermission() {
		return this.env.nodespec.satisfied ? !this.env.nodespec.readonly : null;
	}

	url(...parts) {
		return [ this.env.scriptname, ...parts ].join('/');
	}

	resolveDefault(value, fallback) {
		return Promise.resolve(value).catch(() => fallback);
	}

	toArray(value) {
		return value == null || value === '' ? [] : Array.isArray(value) ? value : `${value}`.split(/\s+/);
	}

	error(error) {
		document.getElementById('view').prepend(E('div', { class: 'alert-message error' }, [ `${error}` ]));
		throw error;
	}
}
