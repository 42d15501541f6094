import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { permissions } from '#lib/truelayer/permissions';
import { consentWording, WORDING_VERSION, type WordingInput } from './consent-wording.ts';
import { DATA_GROUPS } from './groups.ts';

const input: WordingInput = {
  companyName: 'Acme',
  companyFirmReference: '123456',
  privacyUrl: null,
  clientRole: 'agent',
  bankName: 'Monzo',
  country: 'uk',
  permissions,
  endsOn: '20 February 2027',
  historyText: 'Two years back.',
  isFollowedByTrueLayer: false,
};

test('every permission that can be asked for has its sentence, and no sentence lacks its permission', () => {
  const told = DATA_GROUPS.flatMap((group) => group.details.map((detail) => detail.permission));
  expect(told.toSorted()).toEqual([...permissions].toSorted());
  for (const group of DATA_GROUPS)
    expect(group.details.map((detail) => detail.permission)).toEqual([...group.permissions]);
});

test('says nothing of data that this bank does not give', () => {
  const { groups } = consentWording({ ...input, permissions: ['cards', 'balance', 'transactions'] });
  expect(groups.map((group) => group.id)).toEqual(['accounts', 'transactions']);
  expect(groups[0]?.lines).toHaveLength(2);
});

test('an agent says that TrueLayer collects the consent; a regulated firm says that it does so itself', () => {
  expect(consentWording(input).regulatory.join(' ')).toMatch(/acts as its agent.*901096/);
  const regulated = consentWording({ ...input, clientRole: 'regulated' }).regulatory.join(' ');
  expect(regulated).toMatch(/Acme is authorised.*123456/);
  expect(regulated).not.toMatch(/agent/);
  expect(regulated).toContain('and collects your consent');
  const followed = consentWording({ ...input, clientRole: 'regulated', isFollowedByTrueLayer: true }).regulatory.join(
    ' ',
  );
  expect(followed).toContain('TrueLayer collects your consent on the next screen');
  expect(followed).not.toContain('and collects your consent');
});

test('names the company of TrueLayer’s that reaches the bank, and whose authority watches it', () => {
  const said = (country: string | null) => consentWording({ ...input, country }).regulatory.join(' ');
  expect(said('uk')).toMatch(/TrueLayer Limited \(company number 10278251\).*Financial Conduct Authority.*901096/);
  expect(said('uk')).not.toContain('Ireland');
  expect(said('ie')).toMatch(/TrueLayer \(Ireland\) Limited.*Central Bank of Ireland.*C433487/);
  expect(said('ie')).not.toContain('Financial Conduct Authority');
  expect(said(null)).toMatch(/901096.*C433487/);
});

test('before TrueLayer asks itself, ours prepares and claims no consent', () => {
  const { heading, duration, cannot } = consentWording({ ...input, isFollowedByTrueLayer: true });
  expect({ heading, duration, cannot }).toEqual({ heading: 'Before you go to Monzo', duration: '', cannot: [] });
});

test('whoever takes the consent, ours says what for, who sees it, how to stop here, and who is regulated', () => {
  for (const isFollowedByTrueLayer of [true, false]) {
    const wording = consentWording({ ...input, isFollowedByTrueLayer });
    expect(wording.groups.map(({ purpose }) => purpose)).toEqual(DATA_GROUPS.map(({ purpose }) => purpose));
    expect(wording.sharing).toMatch(/^Only Acme .* TrueLayer/);
    expect(wording.stopping).toMatch(/under Connections in Acme/);
    expect(wording.regulatory.join(' ')).toContain('901096');
    expect(wording.links).not.toHaveLength(0);
  }
});

test('no sentence changes without a new version', () => {
  const texts = (['agent', 'regulated'] as const).flatMap((clientRole) =>
    [true, false].map((isFollowedByTrueLayer) =>
      consentWording({ ...input, country: null, clientRole, isFollowedByTrueLayer }),
    ),
  );
  const hash = createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12);
  expect({ [WORDING_VERSION]: hash }).toEqual({ '2026-11-27-3': '96c85892db65' });
});
