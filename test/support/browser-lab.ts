import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { endLab, type LabProgram, serveLab } from './lab-program.ts';
import type { RunningProgram } from './program.ts';

/** A lab served to Chromium, as `npm start` does it, and what went wrong in its pages. */
export class BrowserLab {
  readonly pageErrors: string[] = [];

  private constructor(
    private readonly lab: LabProgram,
    private readonly browser: Browser,
  ) {}

  static async open(chromiumPath: string, args: readonly string[] = []): Promise<BrowserLab> {
    const lab = await serveLab(args);
    return new BrowserLab(lab, await launchChromium(chromiumPath));
  }

  /** Where the program keeps everything: `home`, and the first lab in `lab`. */
  get folder(): string {
    return this.lab.folder;
  }

  get program(): RunningProgram {
    return this.lab.program;
  }

  get address(): string {
    return this.lab.address;
  }

  /**
   * A window of a user who has been here before, with a profile of its own: it brings the session
   * of the first one along, because the key in the address is good for one browser.
   */
  async window(options: BrowserContextOptions = {}, settings: object = {}): Promise<Page> {
    const [first] = this.browser.contexts();
    const cookies = (await first?.cookies()) ?? [];
    const context = await this.browser.newContext({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    await context.addCookies(cookies);
    const stored = JSON.stringify({
      version: 1,
      values: {},
      keys: {},
      tourSeen: true,
      ...settings,
    });
    await context.addInitScript((text) => {
      if (localStorage.getItem('duplexlab.settings') === null) {
        localStorage.setItem('duplexlab.settings', text);
      }
    }, stored);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.pageErrors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.pageErrors.push(message.text());
    });
    await page.goto(this.address);
    await page.waitForSelector('footer.status');
    return page;
  }

  async close(): Promise<number | string> {
    await this.browser.close();
    return endLab(this.lab);
  }
}
