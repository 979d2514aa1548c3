'use strict';
'require baseclass';
'require kedge.model as model';

const NS = 'http://www.w3.org/2000/svg';
const HEIGHT = 240, LEFT = 76, RIGHT = 8, TOP = 10, BOTTOM = 24;

/* As wide as the page, so that its text is as large as elsewhere. */
const pageWidth = () => Math.max(320, document.getElementById('view').clientWidth);
/* How many equal parts of a span have a round name each. */
const partsOf = seconds => [ 4, 3 ].find(parts => seconds % (60 * parts) === 0) ?? 4;

function svg(name, attributes, children) {
	const node = document.createElementNS(NS, name);
	for (const [ key, value ] of Object.entries(attributes ?? {}))
		node.setAttribute(key, value);
	for (const child of [].concat(children ?? []))
		node.append(child);
	return node;
}

/* 1, 2 or 5 times a power of ten, at least `value`. */
function roundUp(value) {
	const power = 10 ** Math.floor(Math.log10(value));
	return [ 1, 2, 5, 10 ].map(factor => factor * power).find(candidate => candidate >= value);
}

/* Runs of points that are known: each a path of its own. */
function runs(points, x, y) {
	const found = [];
	let run = [];
	points.forEach((value, index) => {
		if (isNaN(value)) {
			if (run.length) found.push(run);
			run = [];
		} else {
			run.push([ x(index).toFixed(1), y(value).toFixed(1) ]);
		}
	});
	if (run.length) found.push(run);
	return found;
}

return baseclass.extend({
	/*
	 * lines: [ { name, colour, points, dashed } ] of as many points each, the last one being now.
	 * format: shows a value; least: the scale's top is no lower.
	 */
	lines({ lines, step, format, least, label }) {
		const width = pageWidth();
		const count = Math.max(...lines.map(line => line.points.length), 2);
		const values = lines.flatMap(line => line.points).filter(value => !isNaN(value));
		const top = roundUp(Math.max(least, ...values));
		const x = index => LEFT + (width - LEFT - RIGHT) * index / (count - 1);
		const y = value => HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top;
		const root = svg('svg', { viewBox: `0 0 ${width} ${HEIGHT}`, class: 'kedge-graph', role: 'img', 'aria-label': label });
		for (let part = 0; part <= 4; part++) {
			const value = top * part / 4;
			root.append(
				svg('line', { x1: LEFT, x2: width - RIGHT, y1: y(value), y2: y(value), class: part ? 'grid' : 'axis' }),
				svg('text', { x: LEFT - 6, y: y(value) + 4, class: 'scale', 'text-anchor': 'end' }, format(value)));
		}
		this.times(root, width, HEIGHT - 6, count * step);
		for (const { points, colour, dashed, name } of lines) {
			for (const run of runs(points, x, y)) {
				const path = run.map(([ px, py ], index) => `${index ? 'L' : 'M'}${px} ${py}`).join('');
				if (!dashed && run.length > 1)
					root.append(svg('path', { d: `${path}L${run.at(-1)[0]} ${y(0)}L${run[0][0]} ${y(0)}Z`, class: 'area', style: `fill:${colour}` }));
				root.append(svg('path', {
					d: run.length > 1 ? path : `${path}h2`, class: 'line', style: `stroke:${colour}`,
					...(dashed ? { 'stroke-dasharray': '4 3' } : {})
				}, svg('title', {}, name)));
			}
		}
		this.follow(root, { lines, count, step, format, x, width });
		return root;
	},

	/* Names of times below a graph of the last `seconds`. */
	times(root, width, y, seconds) {
		const parts = partsOf(seconds);
		for (let part = 0; part <= parts; part++)
			root.append(svg('text', {
				x: LEFT + (width - LEFT - RIGHT) * part / parts, y, class: 'scale',
				'text-anchor': part === 0 ? 'start' : part === parts ? 'end' : 'middle'
			}, part === parts ? _('now') : '−' + model.duration(seconds * (parts - part) / parts)));
	},

	/* What the values are under the pointer. */
	follow(root, { lines, count, step, format, x, width }) {
		const mark = svg('line', { y1: TOP, y2: HEIGHT - BOTTOM, class: 'mark', visibility: 'hidden' });
		const box = svg('g', { class: 'tip', visibility: 'hidden' });
		root.append(mark, box);
		root.addEventListener('pointerleave', () => [ mark, box ].forEach(node => node.setAttribute('visibility', 'hidden')));
		root.addEventListener('pointermove', event => {
			const area = root.getBoundingClientRect();
			const at = (event.clientX - area.left) * width / area.width;
			const index = Math.max(0, Math.min(count - 1, Math.round((at - LEFT) / (width - LEFT - RIGHT) * (count - 1))));
			const texts = [ '−' + model.duration((count - 1 - index) * step),
				...lines.map(line => `${line.name}: ${isNaN(line.points[index]) ? '–' : format(line.points[index])}`) ];
			const boxWidth = 14 + 6.4 * Math.max(...texts.map(text => text.length));
			const left = x(index) + boxWidth + 8 > width ? x(index) - boxWidth - 6 : x(index) + 6;
			mark.setAttribute('x1', x(index));
			mark.setAttribute('x2', x(index));
			box.replaceChildren(
				svg('rect', { x: left, y: TOP, width: boxWidth, height: 8 + 15 * texts.length, rx: 4 }),
				...texts.map((text, row) => svg('text', { x: left + 7, y: TOP + 16 + 15 * row, style: row ? `fill:${lines[row - 1].colour}` : '' }, text)));
			[ mark, box ].forEach(node => node.setAttribute('visibility', 'visible'));
		});
	},

	/* Which uplink carried the traffic when: handovers, the oldest first, over the last `seconds`. */
	timeline(handovers, seconds, colourOf) {
		const width = pageWidth();
		const root = svg('svg', { viewBox: `0 0 ${width} 26`, class: 'kedge-timeline', role: 'img', 'aria-label': _('Which uplink carried the traffic') });
		const x = ago => LEFT + (width - LEFT - RIGHT) * (1 - Math.min(ago, seconds) / seconds);
		root.append(svg('rect', { x: LEFT, y: 4, width: width - LEFT - RIGHT, height: 18, rx: 3, class: 'nothing' }));
		const spans = handovers.map((handover, index) => [ handover.to, handover.ago, handovers[index + 1]?.ago ?? 0 ]);
		if (handovers.length && handovers[0].from)
			spans.unshift([ handovers[0].from, seconds, handovers[0].ago ]);
		for (const [ uplink, from, to ] of spans) {
			if (uplink)
				root.append(svg('rect', {
					x: x(from), y: 4, width: Math.max(x(to) - x(from), 1.5), height: 18, style: `fill:${colourOf(uplink)}`
				}, svg('title', {}, `${uplink}: ${model.duration(from - to)}`)));
		}
		return root;
	}
});
