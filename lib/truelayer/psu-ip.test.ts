import { expect, test } from 'vitest';
import { toPsuIp } from './psu-ip.ts';

test.each([
  ['81.2.69.160', '81.2.69.160'],
  [' 81.2.69.160 ', '81.2.69.160'],
  ['::ffff:81.2.69.160', '81.2.69.160'],
  ['::FFFF:5102:45a0', '81.2.69.160'],
  ['2A00:1450:4009:0:0:0:0:200E', '2a00:1450:4009::200e'],
  ['172.32.0.1', '172.32.0.1'],
  ['100.128.0.1', '100.128.0.1'],
])('takes the public address %s as %s', (address, canonical) => {
  expect(toPsuIp(address, { allowPrivate: false })).toBe(canonical);
});

const neverPublic = [
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.1.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.8',
  '192.0.2.1',
  '192.168.1.1',
  '198.18.0.1',
  '198.51.100.7',
  '203.0.113.9',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:10.0.0.1',
  '::ffff:127.0.0.1',
  'fe80::1',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '3fff::1',
  '64:ff9b::808:808',
  '2002:a00:1::',
  '2001::1',
  '100::1',
];

test.each(neverPublic)(
  'refuses %s, which is nobody’s address on the internet, unless private ones are allowed',
  (address) => {
    expect(toPsuIp(address, { allowPrivate: false })).toBeNull();
    expect(toPsuIp(address, { allowPrivate: true })).not.toBeNull();
  },
);

test.each([
  '',
  'localhost',
  '1.2.3',
  '01.2.3.4',
  '256.1.1.1',
  '81.2.69.160:443',
  '[2a00:1450::1]',
  'fe80::1%eth0',
  '81.2.69.160, 10.0.0.1',
  'a\nb',
])('takes %j for no address at all', (address) => {
  expect(toPsuIp(address, { allowPrivate: true })).toBeNull();
});
