'use strict';
'require baseclass';
'require form';
'require uci';
'require ui';
'require kedge.rules as rules';
'require kedge.model as model';

const quote = value => `'${String(value).replace(/'/g, "'\\''")}'`;

/* The text of /etc/config/kedge with these sections. */
function textOf(sections) {
	return sections.map(section => [
		`config ${section['.type']}${section['.anonymous'] ? '' : ` ${quote(section['.name'])}`}\n`,
		...Object.entries(section).filter(([ option, value ]) => !option.startsWith('.') && value != null && value !== '').flatMap(([ option, value ]) =>
			[].concat(value).map(each => `\t${Array.isArray(value) ? 'list' : 'option'} ${option} ${quote(each)}\n`))
	].join('')).join('\n');
}

/* As they were before what is in the forms. */
const savedSections = () => Object.values(uci.state.values.kedge ?? {}).sort((a, b) => a['.index'] - b['.index']);

return baseclass.extend({
	text: textOf,

	/* An option of a form that accepts what `kedge check` accepts; help and default are the schema's. */
	option(section, tab, widget, type, name, title, description) {
		const spec = rules.option(type, name);
		const option = tab ? section.taboption(tab, widget, name, title, description) : section.option(widget, name, title, description);
		if (spec.fallback !== undefined)
			option.placeholder = spec.fallback;
		if (widget === form.Flag) {
			option.default = spec.fallback === '1' ? '1' : '0';
		} else {
			option.optional = true;
			option.validate = (id, value) => value === '' || value == null ? true : rules.verdict(type, name, value) ?? true;
		}
		for (const word of widget === form.ListValue ? rules.words(type, name) : [])
			option.value(word, word === spec.fallback ? _('%s (default)').format(word) : word);
		if (widget === form.ListValue)
			option.default = spec.fallback;
		return option;
	},

	/* Names of new sections. */
	name(section, type) {
		const renderSectionAdd = section.renderSectionAdd;
		section.renderSectionAdd = function(extra) {
			const node = renderSectionAdd.call(this, extra);
			const input = node.querySelector('.cbi-section-create-name');
			const verdict = value => value === '' || (uci.get('kedge', value) ? _('There is a section of this name already') : rules.verdictOfName(type, value) ?? true);
			if (input)
				ui.addValidator(input, 'string', true, verdict, 'blur', 'keyup');
			return node;
		};
	},

	/* There may be one section of its type. */
	single(section) {
		const renderSectionAdd = section.renderSectionAdd;
		section.renderSectionAdd = function(extra) {
			return uci.sections('kedge', this.sectiontype).length ? E([]) : renderSectionAdd.call(this, extra);
		};
	},

	/*
	 * The sentences of `kedge check` about a configuration: the same rules, and where there is a daemon its own word, because
	 * keys in files are what only it can read.
	 */
	faults(sections) {
		const text = textOf(sections);
		return L.resolveDefault(model.check(text), null).then(verdict => (verdict?.faults ?? rules.check(text).faults).map(({ message }) => message));
	},

	list(faults) {
		return E('ul', { class: 'kedge-faults' }, faults.map(text => E('li', {}, [ text ])));
	},

	/*
	 * Saving must add no fault; all are told at once, where the map is, in the words of `kedge check`. Those that were there
	 * before may be mended one after the other: the daemon keeps its configuration until there are none.
	 */
	guard(map) {
		const save = map.save;
		const forms = this;
		map.save = function(cb, silent) {
			const pending = [ 'creates', 'changes', 'deletes', 'reorder' ].map(part => [ part, JSON.stringify(uci.state[part]) ]);
			this.checkDepends();
			return this.parse().then(cb).then(() => forms.faults(uci.sections('kedge'))).then(faults => {
				this.root.querySelector('.kedge-verdict')?.remove();
				return faults.length ? forms.faults(savedSections()).then(known => [ faults, known ]) : [ [], [] ];
			}).then(([ faults, known ]) => {
				if (faults.length)
					this.root.prepend(E('div', { class: 'alert-message warning kedge-verdict' }, [
						E('h4', {}, _('This configuration would not be used')), forms.list(faults) ]));
				if (faults.every(text => known.includes(text)))
					return save.call(this, null, silent);
				for (const [ part, text ] of pending)
					uci.state[part] = JSON.parse(text);
				throw new TypeError(_('There are faults in the configuration'));
			});
		};
		for (const section of map.children)
			section.addModalOptions = inner => { forms.guard(inner.map); };
		return map;
	},

	render(map) {
		return this.guard(map).render().then(node => E('div', {}, [ model.stylesheet(), node ]));
	}
});
