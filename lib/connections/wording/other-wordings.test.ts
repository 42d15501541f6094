import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { permissions } from '#lib/truelayer/permissions';
import { CHANGE_VERSION, changeWording } from './change-wording.ts';
import { RECONFIRM_VERSION, reconfirmWording } from './reconfirm-wording.ts';
import { STOP_WORDING_VERSION, stopWording } from './stop-wording.ts';

const reconfirm = () =>
  reconfirmWording({
    companyName: 'Acme',
    companyFirmReference: null,
    privacyUrl: null,
    clientRole: 'agent',
    bankName: 'Monzo',
    country: 'uk',
    permissions,
    endsOn: '20 February 2027',
    historyText: 'What is here stays.',
  });

const hashOf = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);

test('no sentence of a reconfirmation, a change or a stop changes without a new version', () => {
  const { heading, lead, duration, next } = reconfirm();
  const stops = (['keep', 'erase'] as const).map((choice) =>
    stopWording({ companyName: 'Acme', bankName: 'Monzo', choice }),
  );
  const changes = [true, false].map((erasesDropped) =>
    changeWording({
      consent: reconfirm(),
      bankName: 'Monzo',
      added: ['payments'],
      dropped: ['transactions'],
      declined: ['transactions'],
      erasesDropped,
    }),
  );
  expect({
    [CHANGE_VERSION]: hashOf(changes.map(({ heading, lead, changes: differences }) => [heading, lead, differences])),
    [RECONFIRM_VERSION]: hashOf([heading, lead, duration, next]),
    [STOP_WORDING_VERSION]: hashOf(stops),
  }).toEqual({ 'change-2026-11-27': '7bb276b59bb1', 'again-2026-11-22': 'b4b110aa542b', '2026-11-22': '96edf27f6615' });
});

test('a reconfirmation says all that the first consent said: what, why, how to stop, and who reads', () => {
  const wording = reconfirm();
  expect(wording.groups.map((group) => group.purpose).every((purpose) => purpose !== '')).toBe(true);
  for (const part of [wording.sharing, wording.stopping, wording.cannot.join(), wording.regulatory.join()]) {
    expect(part).not.toBe('');
  }
  expect(wording.regulatory.join(' ')).toContain('901096');
});
