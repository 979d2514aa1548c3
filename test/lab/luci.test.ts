/**
 * LuCI's pages of kedge in Chromium, with what the real daemons have answered in the lab. Where LUCI_ROOT names a checkout of
 * LuCI its own JavaScript shows them too, else only the stand-in of test/browser/luci. Pictures are in results/luci.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePairing } from '../../src/uci/pairing.ts';
import { parseAddress, parsePrefix } from '../../src/wire/address.ts';
import { type Look, LuciBrowser } from '../browser/browser.ts';
import { type Answers, recorded } from '../browser/recorded.ts';
import { Router } from '../browser/router.ts';
import { addSection, append, apply, choose, enter, press, save, tick } from '../browser/user.ts';
import { CHECKOUT, runScenario, type ScenarioResult, theRecord } from './runner/scenario.ts';

const PICTURES = 'results/luci';
const LOOKS: readonly Look[] = [1280, 390].flatMap(width =>
  (['light', 'dark'] as const).map(colorScheme => ({ width, colorScheme })),
);
const [DESK] = LOOKS as [Look];
const PAGES = {
  overview: 'status/kedge',
  pairing: 'network/kedge/pairing',
  uplinks: 'network/kedge/uplinks',
  flows: 'network/kedge/flows',
  anchor: 'network/kedge/anchor',
  advanced: 'network/kedge/advanced',
  tile: 'status/overview',
};

const LINE = encodePairing({
  name: 'van',
  homeAddress: parseAddress('2001:db8:f00::1')!,
  homeAgents: [parseAddress('2001:db8:a::1')!],
  prefixes: [parsePrefix('2001:db8:f00::/56')!],
  auth: { kind: 'rfc4285', spi: 300, key: new Uint8Array(16).fill(0x5a), replay: 'timestamp' },
  identifier: undefined,
  dialect: {},
});
const PAIRED = `config mobile_router 'van'
\toption home_address '2001:db8:f00::1'
\tlist home_agent '2001:db8:a::1'
\tlist prefix '2001:db8:f00::/56'
\toption spi '300'
\toption key_file '/etc/kedge/van.key'

config uplink 'wan'
\toption interface 'wan'
`;

interface Moment {
  readonly answers: Answers;
  readonly preferred: unknown;
}

let played: ScenarioResult;
const moment = (name: string) => theRecord<Moment & { record: string }>(played, name);
const configuration = () => theRecord<{ text: string }>(played, 'configuration').text;

beforeAll(async () => {
  const params = { pace: Number(process.env.PACE ?? 0.3) };
  played = await runScenario('pages', { time: 'virtual', programs: ['openwrt'], params });
  mkdirSync(PICTURES, { recursive: true });
}, 120_000);

/** A router whose daemon answers as it did at a moment of the lab. */
function routerAt(name: string | undefined, config = configuration()): Router {
  let now = name === undefined ? undefined : moment(name);
  const router: Router = new Router(
    config,
    recorded(
      () => now?.answers,
      path => router.files.get(path)?.text,
      () => {
        now = moment('preferred');
        return now.preferred;
      },
    ),
  );
  return router;
}

/** What `kedge check` says of the router's configuration and files. */
function check({ config, files }: Router): string {
  const directory = mkdtempSync(join(tmpdir(), 'kedge-'));
  chmodSync(directory, 0o755);
  for (const [path, { text }] of files)
    writeFileSync(join(directory, path.slice('/etc/kedge/'.length)), text);
  const file = join(directory, 'kedge');
  writeFileSync(file, config.replaceAll('/etc/kedge/', `${directory}/`));
  try {
    const said = execFileSync(join(CHECKOUT, 'dist/kedge'), ['check', file], { stdio: 'pipe' }).toString();
    return said.trim().replace(file, 'kedge');
  } catch (error) {
    return (error as { stderr: Buffer }).stderr.toString();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function pages(luci: string | undefined): void {
  let browser: LuciBrowser;
  beforeAll(async () => {
    browser = await LuciBrowser.open(routerAt('driving'), luci);
  });
  afterAll(() => browser?.close());

  /** A page of a router, and what it has complained about in the end: nothing. */
  async function use(
    router: Router,
    look: Look,
    act: (page: Awaited<ReturnType<LuciBrowser['newPage']>>) => Promise<void>,
  ) {
    browser.router = router;
    browser.complaints.length = 0;
    const page = await browser.newPage(look);
    await act(page);
    await page.close();
    expect(browser.complaints).toEqual([]);
  }

  test.each(LOOKS)('every page fits $width pixels, $colorScheme, and none complains', look =>
    use(routerAt('driving'), look, async page => {
      for (const [name, path] of Object.entries(PAGES)) {
        await browser.visit(page, path);
        const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overflow, `${name}: pixels beyond the right edge`).toBeLessThanOrEqual(0);
        const file = `${name}-${look.width}-${look.colorScheme}${luci === undefined ? '' : '-luci'}.png`;
        await page.screenshot({ path: join(PICTURES, file), fullPage: true });
      }
    }),
  );

  test('a user adds an uplink', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.uplinks);
      await addSection(page, 'dsl', 'Add uplink');
      await enter(page, 'max_rtt', '300');
      // It lacks its interface: the dialog says so and stays.
      await press(page, 'Save');
      await page
        .locator('.modal .kedge-faults')
        .getByText("uplink 'dsl': expected either option interface")
        .waitFor();
      expect(router.changes).toEqual([]);
      await choose(page, 'interface', 'dsl');
      await save(page);
      await apply(page);
      expect(router.applied).toEqual([
        ['add', 'dsl', 'uplink'],
        ['set', 'dsl', 'interface', 'dsl'],
        ['set', 'dsl', 'max_rtt', '300'],
      ]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('a user adds a flow', () =>
    use(routerAt('driving'), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.flows);
      await addSection(page, 'backup', 'Add flow');
      await append(page, 'src', '2001:db8:101::20');
      await append(page, 'proto', 'tcp');
      await append(page, 'dest_port', '22');
      await append(page, 'dest_port', '873');
      await choose(page, 'action', 'balance');
      await append(page, 'uplink', 'wifi');
      // A share of the traffic for one uplink alone is a mistake.
      await press(page, 'Save');
      await page.locator('.modal .kedge-faults').getByText("flow 'backup'").waitFor();
      await choose(page, 'action', 'prefer');
      await tick(page, 'only');
      await save(page);
      await apply(page);
      expect(router.applied).toEqual([
        ['add', 'backup', 'flow'],
        ['set', 'backup', 'src', ['2001:db8:101::20']],
        ['set', 'backup', 'proto', ['tcp']],
        ['set', 'backup', 'dest_port', ['22', '873']],
        ['set', 'backup', 'uplink', ['wifi']],
        ['set', 'backup', 'only', '1'],
      ]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('a user pairs a router that has no configuration', () =>
    use(routerAt(undefined, ''), DESK, async page => {
      const { router } = browser;
      await browser.visit(page, PAGES.overview);
      await page.getByText('Kedge is not running').waitFor();
      await page.getByText('Pair this router with its anchor').click();
      await page.locator('#kedge-line').fill(`${LINE}x`);
      await page.getByText('check value').waitFor();
      await page.locator('#kedge-line').fill(LINE);
      await page.getByText('2001:db8:a::1').waitFor();
      for (const name of ['wwan', 'dsl']) await page.locator(`#kedge-uplink-${name}`).uncheck();
      const loaded = page.waitForEvent('load');
      await page.getByText('Configure this router').click();
      await loaded;
      expect(router.config).toBe(PAIRED);
      const keys = [...router.files];
      expect(keys).toEqual([['/etc/kedge/van.key', { text: `0x${'5a'.repeat(16)}\n`, mode: 0o600 }]]);
      expect(check(router)).toBe('kedge: in order');
    }));

  test('the overview follows the daemon, and an uplink is preferred by a click', () =>
    use(routerAt('driving'), DESK, async page => {
      await browser.visit(page, PAGES.overview);
      await page.getByText('Traffic goes over lte').waitFor();
      await page.locator('.kedge-card', { hasText: 'wifi' }).getByText('Use this one').click();
      await page.getByText('Traffic goes over wifi').waitFor();
      expect(browser.router.calls.find(({ method }) => method === 'prefer')?.given).toEqual({
        uplink: 'wifi',
        router: 'vessel',
      });
      browser.router = routerAt('silent');
      // At the next poll.
      await page.getByText('Traffic goes over lte').waitFor();
      await page.locator('.kedge-card', { hasText: 'wifi' }).getByText('no answers').waitFor();
    }));
}

describe("with a stand-in of LuCI's JavaScript", () => pages(undefined));
const LUCI_ROOT = process.env.LUCI_ROOT;
if (LUCI_ROOT === undefined) {
  console.log("not run: the pages with LuCI's own JavaScript (LUCI_ROOT names no checkout of LuCI)");
} else {
  describe("with LuCI's own JavaScript", () => pages(LUCI_ROOT));
}
