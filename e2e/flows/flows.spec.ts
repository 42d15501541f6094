import { withOtherWeb } from '../fixtures/other-web.ts';
import { signIn } from '../fixtures/session.ts';
import { expect, expectAccessible, test } from '../fixtures/test.ts';
import { shareAtBank } from '../fixtures/trips.ts';

test('dialog: TrueLayer asks for bank and permission, ours prepares, and the app is handed back @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const settings = {
    TRUELAYER_FLOW: 'dialog',
    APP_RETURN_URL: 'https://app.example.test/linked',
    IOS_APP_ID: 'ABCDE12345.com.example.app',
    ANDROID_PACKAGE: 'com.example.app',
    ANDROID_CERT_SHA256: Array.from({ length: 32 }, () => 'AB').join(':'),
  };
  await withOtherWeb(page, settings, async (url) => {
    await page.route('https://app.example.test/**', (route) => route.fulfill({ status: 204 }));
    await page.goto(`${url}/connect/app`);
    await expect(page.getByRole('heading', { name: 'Before you go to your bank' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go on to TrueLayer' }).click();
    await page.getByRole('button', { name: 'Monzo' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    const handedOver = page.waitForRequest(/app\.example\.test/);
    await shareAtBank(page);
    const back = new URL((await handedOver).url());
    expect([...back.searchParams.keys()].sort()).toEqual(['attempt', 'outcome']);
    expect(back.searchParams.get('outcome')).toBe('linked');
    await expect(page.getByRole('link', { name: 'Back to the app' })).toHaveAttribute('href', back.href);

    for (const [path, text] of [
      ['apple-app-site-association', 'ABCDE12345.com.example.app'],
      ['assetlinks.json', 'com.example.app'],
    ] as const) {
      const response = await page.request.get(`${url}/.well-known/${path}`, { maxRedirects: 0 });
      expect(response.status()).toBe(200);
      expect(response.headers()['content-type']).toMatch(/^application\/json/);
      expect(await response.text()).toContain(text);
    }
  });
});

test('bank selection: ours names the one bank there is, TrueLayer takes the permission, of a regulated firm @once', async ({
  page,
  email,
}) => {
  await signIn(page, email);
  const settings = {
    TRUELAYER_FLOW: 'bank-selection',
    TRUELAYER_PROVIDERS: 'uk-cs-mock',
    TRUELAYER_CLIENT_ROLE: 'regulated',
    COMPANY_FIRM_REFERENCE: '123456',
  };
  await withOtherWeb(page, settings, async (url) => {
    await page.goto(`${url}/connect`);
    await expectAccessible(page);
    await page.getByRole('link', { name: /Mock.*The one bank/ }).click();
    await expect(page.getByRole('heading', { name: 'Before you go to Mock' })).toBeVisible();
    await expect(page.getByText(/firm reference number 123456/).first()).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Go on to TrueLayer' }).click();
    await expect(page.getByRole('heading', { name: 'Share your Mock data with Linkwell' })).toBeVisible();
    await page.getByRole('button', { name: 'Allow' }).click();
    await shareAtBank(page);
    await expect(page.getByRole('heading', { name: 'Mock is linked' })).toBeVisible();
  });
});
