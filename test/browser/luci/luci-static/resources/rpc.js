'use strict';
'require baseclass';

return baseclass.extend({
	declare({ object, method, params = [], expect = {}, reject }) {
		return async (...values) => {
			const given = Object.fromEntries(params.map((name, index) => [ name, values[index] ]).filter(([ , value ]) => value !== undefined));
			const response = await fetch(L.env.ubuspath, { method: 'POST', body: JSON.stringify(
				{ jsonrpc: '2.0', id: 1, method: 'call', params: [ L.env.sessionid, object, method, given ] }) });
			const { error, result: [ status, data = {} ] = [] } = await response.json();
			if (error)
				throw new Error(`RPC call to ${object}/${method} failed with error ${error.code}: ${error.message}`);
			if (status !== 0 && reject)
				throw new Error(`ubus ${object} ${method}: status ${status}`);
			const [ key ] = Object.keys(expect);
			return key === undefined ? data : key === '' ? data : data[key] ?? expect[key];
		};
	}
});
