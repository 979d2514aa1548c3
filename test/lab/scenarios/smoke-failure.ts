/** Ends badly, in the way the test asks for. */
import { parameters, scenario } from '../inside/scenario.ts';

scenario({ hosts: {}, links: {} }, async () => {
  if (parameters().how === 'throw') throw new Error('failed on purpose');
  for (;;);
});
