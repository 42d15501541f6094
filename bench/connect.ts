import { chromium, type Page } from 'playwright';
import { hashOf, randomSecret } from '#lib/crypto/secret';
import { addUser } from '#lib/testing/link-person';
import { prepareTrips } from '#lib/testing/trip';
import { addMs, DAY_MS } from '#lib/time/span';
import { ensureBuild } from '#scripts/local/build';
import { startChild, stopChild, untilAnswers } from '#scripts/local/children';
import { ensureChromium } from '#scripts/local/chromium';
import { freePort } from '#scripts/local/ports';
import { withBarePage } from './bare-page.ts';
import { atMost, type Bench, type Figure, figure, median, quantile, type Stage } from './figure.ts';
import { type Loaded, loadPage } from './load-page.ts';

const BANKS = 1000;
const LOADS = 3;
const ROUNDS = 5;
const TYPED = ['natwst', 'hsbc uk', 'first direct', 'rbs', 'oakhaven building', 'qqqq', 'b', 'private bank 3'];

/** /connect as a person meets it: built, signed in, a thousand banks in the list, next to the emptiest page of Next.js. */
export const measureConnect: Bench = async (stage) => {
  const cookie = await prepare(stage);
  return withWeb(stage, async (url) => {
    const browser = await chromium.launch({
      executablePath: ensureChromium(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
    try {
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      await context.addCookies([{ name: 'next-auth.session-token', value: cookie, url }]);
      const [ours, bare] = await withBarePage(stage.dir, async (bareUrl) => {
        const both: [Loaded[], Loaded[]] = [[], []];
        // In turns, so that whatever else the machine does hits both alike.
        for (let time = 0; time < LOADS; time++) {
          both[0].push(await loadPage(context, `${url}/connect`));
          both[1].push(await loadPage(context, bareUrl));
        }
        return both;
      });
      const page = await context.newPage();
      await page.goto(`${url}/connect`, { waitUntil: 'networkidle' });
      return [...weights(ours, bare), ...(await keystrokes(page))];
    } finally {
      await browser.close();
    }
  });
};

/** The list as long as it may ever be, and somebody who is signed in: gives their session. */
async function prepare(stage: Stage): Promise<string> {
  await stage.control('PUT', '/switches', { extra_banks: BANKS });
  const system = await prepareTrips();
  const userId = await addUser(system);
  const token = randomSecret();
  const now = new Date();
  const data = { tokenHash: hashOf(token), userId, createdAt: now, expiresAt: addMs(now, DAY_MS) };
  await system.db.session.create({ data, select: { id: true } });
  return token;
}

async function withWeb<T>(stage: Stage, work: (url: string) => Promise<T>): Promise<T> {
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const env = { ...stage.env, APP_URL: url, PORT: String(port), NODE_ENV: 'production' };
  const cwd = await ensureBuild('local');
  const web = startChild({ name: 'web', args: ['server.js'], env, cwd, logDir: stage.dir, isNext: true });
  try {
    await untilAnswers(`http://127.0.0.1:${port}/api/health`, web);
    return await work(url);
  } finally {
    await stopChild(web);
  }
}

function weights(ours: readonly Loaded[], bare: readonly Loaded[]): Figure[] {
  const of = (loads: readonly Loaded[], name: keyof Loaded) => median(loads.map((load) => load[name]));
  const method = `median of ${LOADS} cold loads each, in turns, of /connect with ${BANKS} banks and of an empty page built by the same Next.js`;
  const throttled = `${method}; 1.6 Mbit/s, 150 ms, a processor four times slower`;
  const more = (of(ours, 'scriptBytes') - of(bare, 'scriptBytes')) / 1000;
  return [
    figure(
      {
        name: 'scripts of /connect above an empty page',
        value: more,
        unit: 'kB',
        method: `${method}; packed by gzip -9`,
      },
      atMost(15),
    ),
    figure({ name: 'scripts of an empty page', value: of(bare, 'scriptBytes') / 1000, unit: 'kB', method }),
    figure({ name: 'all bytes of /connect', value: of(ours, 'allBytes') / 1000, unit: 'kB', method: throttled }),
    figure({ name: 'all bytes of an empty page', value: of(bare, 'allBytes') / 1000, unit: 'kB', method: throttled }),
    figure({ name: 'largest paint of /connect', value: of(ours, 'lcpMs'), unit: 'ms', method: throttled }),
    figure({ name: 'largest paint of an empty page', value: of(bare, 'lcpMs'), unit: 'ms', method: throttled }),
  ];
}

/** From the keystroke to the list laid out anew, letter by letter, as the person's own browser does it. */
async function keystrokes(page: Page): Promise<Figure[]> {
  const rounds: number[][] = [];
  for (let round = 0; round <= ROUNDS; round++) rounds.push(await page.evaluate(typeAll, TYPED));
  // The first round warms up. Of each keystroke the median: what else the machine does strikes now here, now there.
  const [, ...measured] = rounds;
  const times = (measured[0] ?? []).map((_, at) => median(measured.map((round) => round[at] ?? Number.NaN)));
  const method = `${times.length} keystrokes into the search of ${BANKS} banks in Chromium, drawn and laid out; of each the median of ${ROUNDS} rounds`;
  return [
    figure({ name: 'keystroke to filtered list, p95', value: quantile(times, 0.95), unit: 'ms', method }, atMost(16)),
    figure({ name: 'keystroke to filtered list, median', value: median(times), unit: 'ms', method }),
  ];
}

/** Runs in the page. */
async function typeAll(texts: readonly string[]): Promise<number[]> {
  const input = document.querySelector<HTMLInputElement>('#bank-search');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  if (input === null || setValue === undefined) throw new Error('there is no search');
  const measured: number[] = [];
  for (const text of texts) {
    for (let end = 1; end <= text.length; end++) {
      const startedAt = performance.now();
      setValue.call(input, text.slice(0, end));
      input.dispatchEvent(new Event('input', { bubbles: true }));
      // React draws what a keystroke asks for before the next task.
      await Promise.resolve();
      document.body.getBoundingClientRect();
      measured.push(performance.now() - startedAt);
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    }
  }
  return measured;
}
