'use strict';
'require baseclass';
'require form';
'require uci';
'require ui';
'require kedge.rules as rules';
'require kedge.model as model';

/* The text of /etc/config/kedge as it would be, with the section and option of each line. */
function draft() {
	const lines = [], places = [ null ];
	const put = (text, section, option) => {
		lines.push(text);
		places.push({ section, option });
	};
	const quote = value => `'${String(value).replace(/'/g, "'\\''")}'`;
	for (const section of uci.sections('kedge')) {
		const id = section['.name'];
		put(`config ${section['.type']}${section['.anonymous'] ? '' : ` ${quote(id)}`}`, id);
		for (const [ option, value ] of Object.entries(section)) {
			if (option.startsWith('.') || value == null || value === '')
				continue;
			for (const each of [].concat(value))
				put(`\t${Array.isArray(value) ? 'list' : 'option'} ${option} ${quote(each)}`, id, option);
		}
	}
	return { text: `${lines.join('\n')}\n`, places };
}

return baseclass.extend({
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
		section.validateName = value => rules.verdictOfName(type, value);
		section.renderSectionAdd = function(extra) {
			const node = form.GridSection.prototype.renderSectionAdd.call(this, extra);
			const input = node.querySelector('.cbi-section-create-name');
			const verdict = value => value === '' || (uci.get('kedge', value) ? _('There is a section of this name already') : rules.verdictOfName(type, value) ?? true);
			if (input)
				ui.addValidator(input, 'string', true, verdict, 'blur', 'keyup');
			return node;
		};
	},

	/* What `kedge check` says about the configuration as it would be, keys in files aside, which only the daemon can read. */
	faults() {
		const { text, places } = draft();
		const { faults, warnings } = rules.check(text);
		const place = ({ line, message }) => ({ message, ...places[line] });
		return { faults: faults.map(place), warnings: warnings.map(place) };
	},

	/* Faults keep a configuration from being saved, all at once and in the words of `kedge check`. */
	guard(map) {
		const save = map.save;
		map.save = function(cb, silent) {
			this.checkDepends();
			return this.parse().then(cb).then(() => {
				const { faults } = this.kedgeForms.faults();
				if (!faults.length)
					return save.call(this, null, silent);
				ui.showModal(_('This configuration would not be used'), [
					E('ul', { class: 'kedge-faults' }, faults.map(({ message }) => E('li', {}, message))),
					E('div', { class: 'right' }, E('button', { class: 'btn', click: ui.hideModal }, _('Close')))
				]);
				return Promise.reject(new TypeError(_('There are faults in the configuration')));
			});
		};
		map.kedgeForms = this;
		return map;
	},

	render(map) {
		return this.guard(map).render().then(node => E('div', {}, [ model.stylesheet(), node ]));
	}
});
