'use strict';
'require baseclass';
'require dom';
'require ui';
'require uci';

/* An option of a section. */
class Value {
	constructor(section, option, title, description) {
		Object.assign(this, { section, map: section.map, option, title, description, rmempty: true, choices: {} });
	}

	static extend(members) {
		const Class = class extends this {};
		Object.defineProperties(Class.prototype, Object.getOwnPropertyDescriptors(members));
		return Class;
	}

	value(key, text) {
		this.choices[key] = text ?? key;
	}

	load(id) {
		return uci.get(this.map.config, id, this.option);
	}

	cfgvalue(id) {
		return uci.get(this.map.config, id, this.option);
	}

	cbid(id) {
		return `cbid.${this.map.config}.${id}.${this.option}`;
	}

	get hasChoices() {
		return Object.keys(this.choices).length > 0;
	}

	options(id) {
		return { id: this.cbid(id), placeholder: this.placeholder, password: this.password, optional: this.optional,
			validate: this.validate && (value => this.validate(id, value)) };
	}

	widget(value, options) {
		return this.hasChoices ? new ui.Dropdown(value, { '': _('unspecified'), ...this.choices }, options) : new ui.Textfield(value, options);
	}

	renderWidget(id, _index, cfgvalue) {
		this.widgets ??= {};
		this.widgets[id] = this.widget(cfgvalue ?? this.default, this.options(id));
		return this.widgets[id].render();
	}

	textvalue(id) {
		const value = [].concat(this.cfgvalue(id) ?? this.default ?? []).join(', ');
		return value || E('em', {}, _('none'));
	}

	/* Writes what is in the form, throws when it must not be. */
	parse(id) {
		const widget = this.widgets?.[id];
		if (!widget)
			return;
		if (!widget.isValid())
			throw new TypeError(_('Option "%s" contains an invalid input value.').format(this.title));
		const value = widget.getValue();
		if (`${value}` === `${this.cfgvalue(id) ?? ''}`)
			return;
		if (value === '' || !value.length || (this.rmempty && value === this.default))
			uci.unset(this.map.config, id, this.option);
		else
			uci.set(this.map.config, id, this.option, value);
	}

	async renderField(id) {
		await this.load(id);
		return E('div', { class: 'cbi-value', 'data-name': this.option }, [
			E('label', { class: 'cbi-value-title', for: `widget.${this.cbid(id)}` }, [ this.title ]),
			E('div', { class: 'cbi-value-field' }, [ this.renderWidget(id, 0, this.cfgvalue(id)), this.description ? E('div', { class: 'cbi-value-description' }, this.description) : null ])
		]);
	}
}

class Flag extends Value {
	widget(value, options) {
		return new ui.Checkbox(value, options);
	}

	textvalue(id) {
		return (this.cfgvalue(id) ?? this.default) === '1' ? _('Yes') : _('No');
	}
}

class ListValue extends Value {
	widget(value, options) {
		return new ui.Select(value, this.choices, options);
	}
}

class DynamicList extends Value {
	widget(value, options) {
		return new ui.DynamicList(value, this.hasChoices ? this.choices : null, options);
	}
}

class DummyValue extends Value {
	textvalue(id) {
		return this.cfgvalue(id);
	}

	parse() {}
}

class TypedSection {
	constructor(map, sectiontype, title, description) {
		Object.assign(this, { map, sectiontype, title, description, children: [] });
	}

	tab() {}

	option(Class, ...rest) {
		const option = new Class(this, ...rest);
		this.children.push(option);
		return option;
	}

	taboption(_tab, ...rest) {
		return this.option(...rest);
	}

	ids() {
		return uci.sections(this.map.config, this.sectiontype).map(section => section['.name']);
	}

	parse() {
		for (const id of this.ids())
			this.children.forEach(option => option.parse(id));
	}

	async handleAdd(_event, name) {
		uci.add(this.map.config, this.sectiontype, name);
		await this.map.draw();
	}

	async handleRemove(id) {
		uci.remove(this.map.config, id);
		await this.map.draw();
	}

	renderSectionAdd() {
		if (!this.addremove)
			return E([]);
		const name = E('input', { type: 'text', class: 'cbi-section-create-name' });
		const button = E('button', { class: 'cbi-button cbi-button-add', disabled: this.anonymous ? null : '', click: ui.createHandlerFn(this, event => this.handleAdd(event, this.anonymous ? undefined : name.value)) }, [ this.addbtntitle ?? _('Add') ]);
		name.addEventListener('keyup', () => {
			button.disabled = name.value === '' || name.classList.contains('cbi-input-invalid');
		});
		return E('div', { class: 'cbi-section-create' }, [ this.anonymous ? null : E('div', {}, [ name ]), button ]);
	}

	async renderOne(id) {
		return E('div', { class: 'cbi-section-node', 'data-section-id': id }, [
			this.addremove ? E('div', { class: 'cbi-section-remove right' }, [ E('button', { class: 'cbi-button', click: () => this.handleRemove(id) }, _('Delete')) ]) : null,
			this.anonymous ? null : E('h3', {}, [ id.toUpperCase() ]), ...await Promise.all(this.children.map(option => option.renderField(id))) ]);
	}

	async renderContents() {
		return Promise.all(this.ids().map(id => this.renderOne(id)));
	}

	async render() {
		const contents = await this.renderContents();
		return E('div', { class: 'cbi-section' }, [ this.title ? E('h3', {}, this.title) : null, this.description ? E('div', { class: 'cbi-section-descr' }, this.description) : null,
			...(this.ids().length ? contents : [ ...contents, E('em', {}, _('This section contains no values yet')) ]), this.renderSectionAdd('') ]);
	}
}

/* A section that is there, alone in a dialog. */
class NamedSection extends TypedSection {
	ids() {
		return [ this.sectiontype ];
	}
}

class GridSection extends TypedSection {
	get columns() {
		return this.children.filter(option => !option.modalonly);
	}

	parse() {
		for (const id of this.ids())
			this.columns.filter(option => option.editable).forEach(option => option.parse(id));
	}

	async renderContents() {
		const cell = async (option, id) => {
			await option.load(id);
			return E('td', { class: 'td cbi-value-field', 'data-name': option.option, 'data-title': option.title }, [ option.editable ? option.renderWidget(id, 0, option.cfgvalue(id)) : option.textvalue(id) ]);
		};
		const row = async id => E('tr', { class: 'tr cbi-section-table-row', 'data-sid': id, 'data-title': id, dragover: event => event.preventDefault(), drop: event => this.handleDrop(event, id) }, [
			E('td', { class: 'td' }, [ id ]), ...await Promise.all(this.columns.map(option => cell(option, id))),
			E('td', { class: 'td cbi-section-actions' }, [ E('div', {}, [
				this.sortable ? E('button', { class: 'cbi-button drag-handle', draggable: true, dragstart: event => this.handleDragStart(event, id) }, [ '☰' ]) : null,
				E('button', { class: 'btn cbi-button cbi-button-edit', click: ui.createHandlerFn(this, 'renderMoreOptionsModal', id) }, [ _('Edit') ]),
				E('button', { class: 'btn cbi-button cbi-button-remove', click: ui.createHandlerFn(this, 'handleRemove', id) }, [ _('Delete') ]) ]) ]) ]);
		const titles = [ _('Name'), ...this.columns.map(({ title }) => title), '' ];
		return [ E('table', { class: 'table cbi-section-table' }, [
			E('tr', { class: 'tr table-titles' }, titles.map(title => E('th', { class: 'th' }, [ title ]))), ...await Promise.all(this.ids().map(row)) ]) ];
	}

	handleDragStart(event, id) {
		this.dragged = { id, row: event.target.closest('.tr') };
		event.dataTransfer.setData('text', 'drag');
	}

	handleDrop(event, id) {
		const place = event.currentTarget;
		const { top, height } = place.getBoundingClientRect();
		const isBelow = event.clientY > top + height / 2;
		event.preventDefault();
		place.parentNode.insertBefore(this.dragged.row, isBelow ? place.nextElementSibling : place);
		uci.move(this.map.config, this.dragged.id, id, isBelow);
	}

	async handleAdd(event, name) {
		const id = uci.add(this.map.config, this.sectiontype, name);
		this.added = id;
		await this.renderMoreOptionsModal(id);
	}

	addModalOptions() {}

	async renderMoreOptionsModal(id) {
		const map = new FormMap(this.map.config);
		map.parent = this.map;
		const section = map.section(NamedSection, id);
		for (const option of this.children.filter(({ modalonly }) => modalonly !== false)) {
			const own = Object.assign(section.option(option.constructor, option.option, option.title, option.description), option);
			Object.assign(own, { section, map, widgets: undefined });
		}
		this.addModalOptions(section, id);
		ui.showModal(`${this.map.title} - ${id}`, [ await map.render(), E('div', { class: 'button-row' }, [
			E('button', { class: 'btn cbi-button', click: ui.createHandlerFn(this, 'handleModalCancel') }, [ _('Dismiss') ]), ' ',
			E('button', { class: 'btn cbi-button cbi-button-positive important', click: ui.createHandlerFn(this, 'handleModalSave', map) }, [ _('Save') ]) ]) ], 'cbi-modal');
	}

	async handleModalSave(map) {
		try {
			await map.save(null, true);
		} catch {
			return;
		}
		this.added = undefined;
		await this.handleModalCancel();
	}

	async handleModalCancel() {
		if (this.added)
			uci.remove(this.map.config, this.added);
		this.added = undefined;
		ui.hideModal();
		await this.map.draw();
	}
}

class FormMap {
	constructor(config, title, description) {
		Object.assign(this, { config, title, description, children: [] });
	}

	section(Class, ...rest) {
		const section = new Class(this, ...rest);
		this.children.push(section);
		return section;
	}

	checkDepends() {}

	async parse() {
		this.children.forEach(section => section.parse());
	}

	async save(callback) {
		await this.parse();
		await callback?.();
		await uci.save();
		await this.draw();
	}

	async reset() {
		uci.unload(this.config);
		await uci.load(this.config);
		await this.draw();
	}

	async draw() {
		dom.content(this.root, [ this.title ? E('h2', { name: 'content' }, [ this.title ]) : null, this.description ? E('div', { class: 'cbi-map-descr' }, this.description) : null,
			...await Promise.all(this.children.map(section => section.render())) ]);
		return this.root;
	}

	async render() {
		this.root = E('div', { id: `cbi-${this.config}`, class: 'cbi-map' });
		dom.bindClassInstance(this.root, this);
		await uci.load(this.config);
		return this.draw();
	}
}

return baseclass.extend({ Map: FormMap, TypedSection, NamedSection, GridSection, Value, Flag, ListValue, DynamicList, DummyValue });
