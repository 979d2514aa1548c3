/** Debian's Chromium on a served router, with everything that a page complains about. */
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Router } from './router.ts';
import { serve } from './server.ts';

const CHROMIUM = '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export class LuciBrowser {
  router: Router;
  /** What pages said to the console or threw since the last look at it. */
  readonly complaints: string[] = [];
  readonly #browser: Browser;
  readonly #url: string;
  readonly #close: () => void;

  private constructor(browser: Browser, router: Router, url: string, close: () => void) {
    this.#browser = browser;
    this.router = router;
    this.#url = url;
    this.#close = close;
  }

  /** @param luci a checkout of LuCI; undefined: the stand-in */
  static async open(router: Router, luci: string | undefined): Promise<LuciBrowser> {
    const self: { browser?: LuciBrowser } = {};
    const { url, server } = await serve(() => self.browser!.router, luci);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
    self.browser = new LuciBrowser(browser, router, url, () => {
      server.closeAllConnections();
      server.close();
    });
    return self.browser;
  }

  /** @param width pixels */
  async newPage(width: number): Promise<Page> {
    const size = { width, height: 900 };
    const page = await this.#browser.newPage({ viewport: size, screen: size });
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 20_000));
    page.on('pageerror', error => this.complaints.push(error.message));
    page.on('console', message => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    return page;
  }

  /** Opens a page by its path below /admin and waits until it is there. */
  async visit(page: Page, path: string): Promise<void> {
    await page.goto(`${this.#url}/admin/${path}`);
    await page.waitForSelector('#view h2, #view h3');
  }

  /** As a person's settings would, and LuCI's header with them. */
  async paint(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(`document.documentElement.setAttribute('data-darkmode', ${colorScheme === 'dark'})`);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#close();
  }
}
