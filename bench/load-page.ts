import { gzipSync } from 'node:zlib';
import type { BrowserContext, CDPSession, Page, Response } from 'playwright';

export type Loaded = { scriptBytes: number; allBytes: number; lcpMs: number };

/** About a good 4G and a middling phone. */
const NETWORK = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };
const CPU_SLOWER = 4;

/** Loads a page once, cold and throttled. Scripts are weighed packed alike, whatever the server's own packing. */
export async function loadPage(context: BrowserContext, url: string): Promise<Loaded> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', NETWORK);
  await session.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWER });
  const bytes = countBytes(session);
  const scripts: Response[] = [];
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response);
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  const lcpMs = await readLcp(page);
  const bodies = await Promise.all(scripts.map((script) => script.body()));
  const scriptBytes = bodies.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
  await page.close();
  return { scriptBytes, allBytes: bytes.total, lcpMs };
}

function countBytes(session: CDPSession): { total: number } {
  const count = { total: 0 };
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    count.total += encodedDataLength;
  });
  return count;
}

function readLcp(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const observer = new PerformanceObserver((list) => resolve(list.getEntries().at(-1)?.startTime ?? 0));
        observer.observe({ type: 'largest-contentful-paint', buffered: true });
      }),
  );
}
