'use strict';
'require view';
'require form';
'require tools.widgets as widgets';
'require kedge.forms as forms';

return view.extend({
	render() {
		const m = new form.Map('kedge', _('Uplinks'), _('The ways to the Internet. All of them are registered at the anchor and watched; the first live one carries what no flow sends elsewhere. Drag them into the order of preference.'));
		const s = m.section(form.GridSection, 'uplink');
		s.addremove = true;
		s.sortable = true;
		s.nodescriptions = true;
		s.addbtntitle = _('Add uplink');
		forms.name(s, 'uplink');
		const add = (widget, name, title, description) => forms.option(s, null, widget, 'uplink', name, title, description);

		add(form.Flag, 'enabled', _('Enabled')).editable = true;
		add(widgets.NetworkSelect, 'interface', _('Interface'), _('The logical interface, whatever its device is called')).nocreate = true;
		add(form.Value, 'device', _('Device'), _('Instead of an interface'));
		add(form.Value, 'priority', _('Priority'), _('1 to 125, the lowest first. By default the position in the list'));
		add(form.Flag, 'metered', _('Metered'), _('Traffic costs money: used last, or where a flow names it'));
		for (const o of [
			add(form.Value, 'through', _('Through'), _('Instead of a device: another mobile router, whose home address is the care-of address')),
			add(form.Value, 'care_of', _('Care-of prefix'), _('Only addresses of this prefix; with it several uplinks share a device')),
			add(form.Value, 'budget', _('Monthly budget'), _('Octets, e.g. 20G; then the uplink is used last')),
			add(form.Value, 'reset_day', _('Day of renewal'), _('Of the month, 1 to 31')),
			add(form.ListValue, 'over_budget', _('Over budget'), _("'last': the last resort; 'off': not used at all")),
			add(form.Value, 'max_rtt', _('Longest round trip'), _('Milliseconds of a good probe')),
			add(form.Value, 'max_jitter', _('Most jitter'), _('Milliseconds')),
			add(form.Value, 'max_loss', _('Most loss'), _('Percent; with 100 it is not judged')),
			add(form.Value, 'bid', _('Binding identifier'), _('By default the position in the list')),
			add(form.DynamicList, 'mobile_router', _('Mobile router'), _('Sections that use it; by default all'))
		])
			o.modalonly = true;
		return forms.render(m);
	}
});
