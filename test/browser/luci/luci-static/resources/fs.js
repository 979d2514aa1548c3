'use strict';
'require baseclass';
'require rpc';

return baseclass.extend({
	write: rpc.declare({ object: 'file', method: 'write', params: [ 'path', 'data', 'mode' ], reject: true })
});
