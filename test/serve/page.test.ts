import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { loadModel, type Model } from '../../src/index.js';
import { Answers } from '../../src/serve/answers.js';
import { type RunningServer, startServer } from '../../src/serve/server.js';
import { chromiumPath, inBrowser } from './browser.js';

/** Strokes of some digits, in parts of the pad. */
const STROKES: Readonly<Record<string, readonly (readonly [x: number, y: number])[]>> = {
  1: [
    [0.5, 0.2],
    [0.5, 0.8],
  ],
  7: [
    [0.3, 0.25],
    [0.7, 0.22],
    [0.58, 0.5],
    [0.45, 0.82],
  ],
};

describe('the page of cnn serve', { skip: chromiumPath === undefined && 'no Chromium here' }, () => {
  let model: Model;
  let answers: Answers;
  let server: RunningServer;
  const errors: unknown[] = [];

  before(async () => {
    model = await loadModel('models/mlp.keras', { compile: false });
    answers = new Answers({
      model,
      name: 'models/mlp.keras',
      classes: [...'0123456789'],
      digit: { shape: [28, 28] },
    });
    server = await startServer(answers, { port: 0, onError: (error) => errors.push(error) });
  });
  after(async () => {
    await server.close();
    answers.dispose();
    model.dispose();
  });

  /** Opens the page; whatever a browser would complain about fails the test. */
  async function open(page: Page): Promise<string[]> {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(request.url()));
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:'))
        complaints.push(request.url());
    });
    await page.goto(server.url);
    await page.locator('#bars li').first().waitFor();
    return complaints;
  }

  async function places(page: Page, digit: string): Promise<{ x: number; y: number }[]> {
    const box = (await page.locator('#pad').boundingBox())!;
    return STROKES[digit]!.map(([x, y]) => ({ x: box.x + x * box.width, y: box.y + y * box.height }));
  }

  function shows(page: Page, text: string): Promise<void> {
    return page.locator('#best', { hasText: new RegExp(`^${text.replace('?', '\\?')}$`) }).waitFor();
  }

  /** How many colours a canvas has. */
  function colours(page: Page, selector: string): Promise<number> {
    // Runs in the page, whose types are not those of this program.
    return page.evaluate(`(() => {
      const canvas = document.querySelector(${JSON.stringify(selector)});
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d');
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    })()`);
  }

  it('tells what is drawn with the mouse, while it is drawn, with the layers; and forgets it', async () => {
    await inBrowser({ viewport: { width: 1200, height: 900 } }, async (context) => {
      const page = await context.newPage();
      const complaints = await open(page);
      await shows(page, '?');
      assert.ok((await colours(page, '#weights canvas')) > 100);
      for (const digit of ['7', '1']) {
        const [first, ...rest] = await places(page, digit);
        await page.mouse.move(first!.x, first!.y);
        await page.mouse.down();
        for (const { x, y } of rest) await page.mouse.move(x, y, { steps: 5 });
        // Still pressed: it is told before the stroke ends.
        await shows(page, digit);
        await page.mouse.up();
        const best = page.locator('#bars li.best');
        assert.equal(await best.locator('span').textContent(), digit);
        assert.ok(Number.parseFloat((await best.locator('output').textContent())!) > 30);
        assert.equal(await page.locator('#layers .layer').count(), model.layers.length);
        assert.ok((await colours(page, '#layers .layer:nth-child(2) canvas')) > 20);
        assert.ok((await colours(page, '#input')) > 2);
        if (digit === '7') await page.keyboard.press('Escape');
        else await page.locator('#clear').click();
        await shows(page, '?');
        assert.equal(await colours(page, '#pad'), 1);
        assert.equal(await page.locator('#layers .layer').count(), 0);
      }
      assert.deepEqual(complaints, []);
    });
    assert.deepEqual(errors, []);
  });

  it('is drawn on with a finger, on a small screen and in the dark', async () => {
    const phone = {
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
      colorScheme: 'dark',
    } as const;
    await inBrowser(phone, async (context) => {
      const page = await context.newPage();
      const complaints = await open(page);
      const session = await context.newCDPSession(page);
      const [first, ...rest] = await places(page, '7');
      await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [first!] });
      for (const place of rest) {
        await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [place] });
      }
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
      await shows(page, '7');
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(width <= 390, `${width} pixels wide`);
      assert.deepEqual(complaints, []);
    });
  });

  it('says so when the server is gone', async () => {
    await inBrowser({}, async (context) => {
      const other = await startServer(answers, { port: 0, onError: assert.ifError });
      const page = await context.newPage();
      await page.goto(other.url);
      await page.locator('#bars li').first().waitFor();
      await other.close();
      const [place] = await places(page, '1');
      await page.mouse.click(place!.x, place!.y);
      await page.locator('#status', { hasText: 'cnn serve' }).waitFor();
    });
  });
});
