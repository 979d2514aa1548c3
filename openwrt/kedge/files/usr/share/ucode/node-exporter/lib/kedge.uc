// Collector of prometheus-node-exporter-ucode: what `kedge metrics` prints, series by series.
let metrics = fs.popen("kedge metrics 2>/dev/null");

if (!metrics)
	return false;

for (let line = metrics.read("line"); length(line); line = metrics.read("line")) {
	let sample = match(line, /^([^#].*) ([^ ]+)\n$/);

	if (sample)
		gauge(sample[1], null, true)({}, sample[2]);
}

return metrics.close() == 0;
