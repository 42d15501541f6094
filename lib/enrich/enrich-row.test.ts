import { expect, test } from 'vitest';
import { isCategory } from './categories.ts';
import { cleanDescriptor } from './clean-descriptor.ts';
import { type EnrichInput, enrichRow } from './enrich-row.ts';

function row(description: string, rest: Partial<EnrichInput> = {}): EnrichInput {
  const defaults = {
    merchantName: null,
    merchantSource: null,
    coding: 'PURCHASE',
    classification: [],
    isMoneyIn: false,
  };
  return { ...defaults, description, ...rest };
}

test.each([
  ['CARD PAYMENT TO TESCO STORES 3217 ON 12 NOV', 'Tesco', 'groceries'],
  ['TESCO PFS 4021', 'Tesco', 'groceries'],
  ['DD NETFLIX.COM', 'Netflix', 'entertainment'],
  ['DIRECT DEBIT PAYMENT TO OCTOPUS ENERGY REF A-1B2C3D4E', 'Octopus Energy', 'bills'],
  ['SQ *KETTLE AND CRUMB LONDON GB', 'Kettle and Crumb', 'other'],
  ['SUMUP *THE BREAD SHED BRISTOL', 'The Bread Shed', 'other'],
  ['ZETTLE_*MARKET STALL', 'Market Stall', 'other'],
  ['PAYPAL *SPOTIFY P1234ABCD 35314369001 LU', 'Spotify', 'entertainment'],
  ['AMZNMKTPLACE*1A2B3C4D5', 'Amazon', 'shopping'],
  ['AMAZON.CO.UK*12Q3R456', 'Amazon', 'shopping'],
  ['AMAZON PRIME*2Z8AB1CD5 AMZN.CO.UK/PM', 'Amazon Prime', 'entertainment'],
  ['LIDL GB 12345 LONDON ON 12 NOV BCC', 'Lidl', 'groceries'],
  ['SAINSBURYS S/MKTS 0417 CD 9921', "Sainsbury's", 'groceries'],
  ['CO-OP GROUP FOOD 1234 AUTH', 'Co-op', 'groceries'],
  ['TFL TRAVEL CH TFL.GOV.UK/CP', 'Transport for London', 'transport'],
  ['UBER *TRIP HELP.UBER.COM', 'Uber', 'transport'],
  ['UBER   *EATS HELP.UBER.COM', 'Uber Eats', 'eating_out'],
  ['WWW.ARGOS.CO.UK 0345 640 2020 GB', 'Argos', 'shopping'],
  ['))) GREGGS PLC 0221', 'Greggs', 'eating_out'],
  ["INT'L 0012345678 NETFLIX.COM LOS GATOS", 'Netflix', 'entertainment'],
  ['VDP-SUPERVALU 1234', 'Supervalu', 'other'],
  ['CARREFOUR CITY 1234 EUR 12.00 @ 1.1312 ON 12 NOV BCC', 'Carrefour City', 'other'],
  ['HMRC SELF ASSESSMENT', 'HMRC', 'taxes'],
])('reads %s as %s', (description, name, category) => {
  expect(enrichRow(row(description))).toMatchObject({ merchantName: name, category });
});

test.each([
  ['FPO J SMITH', 'TRANSFER', false, 'J Smith', 'transfer'],
  ['STO R OKAFOR LETTINGS', 'STANDING_ORDER', false, 'R Okafor Lettings', 'home'],
  ['BGC NORTHFIELD SYSTEMS LTD SALARY', 'CREDIT', true, 'Northfield Systems', 'income'],
  ['FASTER PAYMENT FROM A JONES', 'CREDIT', true, 'A Jones', 'income'],
  ['TRANSFER TO EVERYDAY SAVER', 'TRANSFER', false, 'Everyday Saver', 'transfer'],
  ['LINK CASH MACHINE 123456', 'ATM', false, 'Link Cash Machine', 'cash'],
  ['PAYMENT RECEIVED - THANK YOU', 'BILL_PAYMENT', true, 'Payment Received - Thank You', 'transfer'],
  ['NON-STERLING TRANSACTION FEE', 'FEE_CHARGE', false, 'Non-Sterling Transaction Fee', 'fees'],
  ['INTEREST PAID', 'INTEREST', true, 'Interest Paid', 'income'],
  ['CAMDEN VALE COUNCIL', 'DIRECT_DEBIT', false, 'Camden Vale Council', 'taxes'],
])('reads %s, coded %s', (description, coding, isMoneyIn, name, category) => {
  expect(enrichRow(row(description, { coding, isMoneyIn }))).toMatchObject({ merchantName: name, category });
});

test('TrueLayer’s name and class go before ours, the bank’s name before a tidied one, and each says so', () => {
  const classified = row('TESCO STORES 3217', {
    merchantName: 'Tesco Café',
    classification: ['Food & Dining', 'Bars'],
  });
  expect(enrichRow(classified)).toMatchObject({
    merchantName: 'Tesco Café',
    merchantReason: 'truelayer',
    category: 'eating_out',
    categoryReason: 'truelayer',
    merchantKey: 'tesco',
  });
  const banks = row('XK 99 BAO', { merchantName: 'Bao Garden', merchantSource: 'provider_merchant_name' });
  expect(enrichRow(banks)).toMatchObject({ merchantName: 'Bao Garden', merchantReason: 'bank' });
  expect(enrichRow(row('TESCO 1', { classification: ['Uncategorized', 'General'] }))).toMatchObject({
    category: 'groceries',
    categoryReason: 'known_name',
  });
  expect(enrichRow(row('SOMETHING', { classification: ['A class of next year'] }))).toMatchObject({
    categoryReason: 'nothing_known',
  });
  expect(enrichRow(row('x', { classification: ['Bills & Utilities', 'Internet'] })).category).toBe('bills');
  expect(enrichRow(row('x', { classification: ['Shopping', 'Groceries'] })).category).toBe('groceries');
});

test('one merchant has one key, however the bank writes it that day', () => {
  const keys = [
    'TESCO STORES 3217',
    'CARD PAYMENT TO TESCO STORES 9921 ON 03 MAR',
    'Tesco Express 22',
    'TESCO.COM',
  ].map((text) => enrichRow(row(text)).merchantKey);
  expect(new Set(keys)).toEqual(new Set(['tesco']));
  const stall = ['SQ *THE BREAD SHED', 'THE BREAD SHED 4412 ON 12 NOV', 'CARD PAYMENT TO THE BREAD SHED ON 1 DEC BCC'];
  expect(new Set(stall.map((text) => enrichRow(row(text)).merchantKey)).size).toBe(1);
});

test('whatever a bank writes, there is a name, a key and a known category, and tidying twice changes nothing', () => {
  const parts = [
    'CARD PAYMENT TO',
    'DD',
    'SQ *',
    '*',
    'ON 12 NOV',
    '1234',
    'LTD',
    'GB',
    'é',
    '\u0000',
    '  ',
    'TESCO',
    'A',
    '£',
    '💷',
    'REF: X',
  ];
  let seed = 7;
  const next = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 3000; round++) {
    const text = Array.from({ length: next(7) }, () => parts[next(parts.length)] ?? '').join(next(2) === 0 ? ' ' : '');
    const found = enrichRow(row(text, { isMoneyIn: next(2) === 0 }));
    expect(found.merchantKey).not.toBe('');
    expect(found.merchantName.trim()).not.toBe('');
    expect(isCategory(found.category)).toBe(true);
    const once = cleanDescriptor(text);
    expect(cleanDescriptor(once).length).toBeLessThanOrEqual(once.length);
  }
});
