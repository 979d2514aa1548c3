/** Files of the LuCI pages as modules, with others in place of LuCI's own. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const RESOURCES = 'luci-app/luci-app-kedge/htdocs/luci-static/resources';

type Modules = Readonly<Record<string, unknown>>;

/** Anything that is asked of it is itself again. */
export const anything: unknown = new Proxy(function nothing() {}, {
  get: (_target, name) =>
    name === Symbol.iterator ? [][Symbol.iterator] : name === 'then' ? undefined : anything,
  apply: () => anything,
  construct: () => anything as object,
  set: () => true,
});

/**
 * What the file `name` (as `view.kedge.flows`) returns.
 * @param modules by the names that the file gives them; others are {@link anything}
 */
export function load<T>(name: string, modules: Modules): T {
  const source = readFileSync(join(RESOURCES, `${name.replaceAll('.', '/')}.js`), 'utf8');
  const names = [...source.matchAll(/^'require ([\w.]+)(?: as (\w+))?';$/gm)].map(
    ([, module, alias]) => alias ?? module!,
  );
  const extend = { extend: (members: unknown) => members };
  const given: Modules = { baseclass: extend, view: extend, ...modules };
  const make = new Function('L', 'E', '_', ...names, source);
  return make(given.L ?? anything, anything, String, ...names.map(each => given[each] ?? anything));
}
