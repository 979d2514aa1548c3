'use strict';
'require baseclass';
'require dom';
'require uci';

/* A value with a verdict: true, or what is expected instead. */
class Widget {
	constructor(value, options) {
		this.value = value;
		this.options = options;
		this.valid = true;
	}

	watch(input, optional) {
		const { validate } = this.options;
		if (!validate)
			return;
		const check = () => {
			const verdict = input.value === '' && optional ? true : validate(input.value);
			input.classList.toggle('cbi-input-invalid', verdict !== true);
			input.title = verdict === true ? '' : verdict;
			return verdict === true;
		};
		input.addEventListener('keyup', check);
		input.addEventListener('blur', check);
		this.isValid = check;
	}

	isValid() {
		return true;
	}
}

class Textfield extends Widget {
	render() {
		const { id, password, placeholder, optional } = this.options;
		this.input = E('input', { id: `widget.${id}`, class: 'cbi-input-text', type: password ? 'password' : 'text', placeholder, autocomplete: 'off' });
		this.input.value = this.value ?? '';
		this.watch(this.input, optional);
		return E('div', { id }, [ this.input ]);
	}

	getValue() {
		return this.input.value;
	}
}

class Checkbox extends Widget {
	render() {
		this.input = E('input', { id: `widget.${this.options.id}`, type: 'checkbox' });
		this.input.checked = this.value === '1';
		return E('div', { class: 'cbi-checkbox' }, [ this.input ]);
	}

	getValue() {
		return this.input.checked ? '1' : '0';
	}
}

class Select extends Widget {
	constructor(value, choices, options) {
		super(value, options);
		this.choices = choices;
	}

	render() {
		this.input = E('select', { id: `widget.${this.options.id}`, class: 'cbi-input-select' },
			Object.entries(this.choices).map(([ value, text ]) => E('option', { value }, [ text ])));
		this.input.value = this.value ?? '';
		return E('div', {}, [ this.input ]);
	}

	getValue() {
		return this.input.value;
	}
}

class Dropdown extends Select {
	render() {
		this.node = E('div', { class: 'cbi-dropdown', tabindex: 0, click: event => this.click(event) }, [ E('ul', {},
			Object.entries(this.choices).map(([ value, text ]) => E('li', { 'data-value': value, selected: value === (this.value ?? '') ? '' : null }, [ text ]))),
			E('span', { class: 'open' }, [ '▾' ]) ]);
		return this.node;
	}

	click(event) {
		const item = event.target.closest('li');
		if (this.node.toggleAttribute('open') || !item)
			return;
		this.node.querySelector('[selected]')?.removeAttribute('selected');
		item.setAttribute('selected', '');
		this.node.dispatchEvent(new CustomEvent('cbi-dropdown-change', { bubbles: true, detail: item.dataset.value }));
	}

	getValue() {
		return this.node.querySelector('[selected]')?.dataset.value ?? '';
	}
}

class DynamicList extends Widget {
	constructor(values, choices, options) {
		super(values, options);
		this.choices = choices;
	}

	render() {
		const input = E('input', { type: 'text', class: 'cbi-input-text', placeholder: this.options.placeholder });
		this.watch(input, true);
		const add = () => {
			if (input.value && this.isValid()) {
				this.addItem(input.value);
				input.value = '';
			}
		};
		input.addEventListener('keydown', event => event.key === 'Enter' && add());
		const choices = this.choices && new Dropdown('', { '': '--', ...this.choices }, {}).render();
		choices?.addEventListener('cbi-dropdown-change', ({ detail }) => detail && this.addItem(detail));
		choices?.querySelector('ul').append(E('li', { 'data-value': '-' }, [ input ]));
		this.node = E('div', { class: 'cbi-dynlist', click: event => event.target.closest('.item')?.remove() }, [
			E('div', { class: 'add-item control-group' }, choices ? [ choices ] : [ input, E('div', { class: 'btn cbi-button cbi-button-add', click: add }, '+') ]) ]);
		L.toArray(this.value).forEach(value => this.addItem(value));
		return this.node;
	}

	addItem(value) {
		if (!this.getValue().includes(value))
			this.node.lastElementChild.before(E('div', { class: 'item' }, [ E('span', {}, [ this.choices?.[value] ?? value ]), E('input', { type: 'hidden', value }) ]));
	}

	getValue() {
		return [ ...this.node.querySelectorAll('input[type=hidden]') ].map(({ value }) => value);
	}
}

const modal = () => document.getElementById('modal_overlay');

return baseclass.extend({
	Textfield, Checkbox, Select, Dropdown, DynamicList,

	instantiateView(path) {
		return L.require(`view.${path.replaceAll('/', '.')}`).catch(error => L.error(error));
	},

	createHandlerFn(context, fn, ...args) {
		return event => {
			const button = event.currentTarget;
			button.classList.add('spinning');
			button.disabled = true;
			return Promise.resolve((typeof fn === 'string' ? context[fn] : fn).call(context, ...args, event)).finally(() => {
				button.classList.remove('spinning');
				button.disabled = false;
			});
		};
	},

	showModal(title, children, ...classes) {
		this.hideModal();
		const dialog = E('div', { class: [ 'modal', ...classes ].join(' ') }, [ title ? E('h4', {}, [ title ]) : null, ...[].concat(children) ]);
		document.body.append(E('div', { id: 'modal_overlay' }, [ dialog ]));
		document.body.classList.add('modal-overlay-active');
		return dialog;
	},

	hideModal() {
		modal()?.remove();
		document.body.classList.remove('modal-overlay-active');
	},

	addNotification(title, children, ...classes) {
		document.getElementById('maincontent').prepend(E('div', { class: [ 'alert-message', ...classes ].join(' ') }, [ title ? E('h4', {}, [ title ]) : null, ...[].concat(children) ]));
	},

	addValidator(input, _type, optional, validate, ...events) {
		const check = () => {
			const verdict = input.value === '' && optional && !validate ? true : validate(input.value);
			input.classList.toggle('cbi-input-invalid', verdict !== true);
		};
		events.forEach(event => input.addEventListener(event, check));
	},

	changes: {
		init: () => uci.changes(),

		async apply(checked) {
			const response = await fetch(L.url('admin/uci', checked ? 'apply_rollback' : 'apply_unchecked'), { method: 'POST' });
			const done = E('div', { class: 'modal alert-message notice' }, [ E('p', {}, [ response.status === 204 ? _('There are no changes to apply') : _('Configuration changes applied.') ]) ]);
			document.body.append(E('div', { id: 'modal_overlay' }, [ done ]));
			window.setTimeout(() => location.reload(), 1000 * L.env.apply_display);
		}
	}
});
