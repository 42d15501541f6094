import { trimEndOf } from '#lib/format/trim-end-of';

/** How money moved, as banks write it before the name. The longest come first. */
const PREFIXES: readonly RegExp[] = [
  /^(?:CONTACTLESS |DEBIT |VISA |MASTERCARD )*CARD (?:PAYMENT|PURCHASE|TRANSACTION|SUBSCRIPTION)(?: TO| AT| -)? /,
  /^(?:VISA|CONTACTLESS|POS|ONLINE|MOBILE|INTERNET)(?: (?:DEBIT|PURCHASE|PAYMENT|TRANSACTION))?(?: TO| AT| -)? (?=\S{2})/,
  /^(?:PAYMENT BY |PAYMENT VIA )?(?:FASTER PAYMENTS?|FAST PAYMENT|FPS)(?: (?:RECEIPT|RECEIVED|PAYMENT|OUT|IN))?(?: (?:TO|FROM))? /,
  /^(?:DIRECT DEBIT|D\/D|DDR?)(?: PAYMENT)?(?: TO)?[ -]+/,
  /^(?:STANDING ORDER|S\/O|STO|SO)(?: (?:TO|VIA FASTER PAYMENT TO))?[ -]+/,
  /^(?:BILL PAYMENT|BP|BBP)(?: (?:VIA FASTER PAYMENT )?TO)[ -]+/,
  /^TRANSFER (?:TO|FROM) /,
  /^(?:FPO|FPI|FP|BGC|BACS|BAC|TFR|TRF|DEB|CPT|CHG|PAY|DPC|OTR|EBP|CR|DR|OBP|VIS|VDP|VDC|VDA)[ -]+/,
  /^(?:INT'?L|INTL) \d{6,} /,
  /^(?:BANK GIRO CREDIT|BANK CREDIT|AUTOMATED CREDIT|CREDIT FROM|DIRECT CREDIT(?: FROM)?|PAYMENT (?:TO|FROM|RECEIVED FROM))[ -]+/,
  /^(?:APPLE ?PAY|GOOGLE ?PAY)[ -]+/,
  /^\){2,3} ?/,
];

/** Those who take the money for somebody else; behind their star stands the somebody. */
const COLLECTORS =
  /^(?:SQ|SQUARE|SUMUP|SMP|ZETTLE_?|IZ|IZETTLE|PAYPAL|PP|STRIPE|WPY|TST|SP|CKO|NYA|KLARNA|CLEARPAY|DOJO|CRV|LNK|ADY|PADDLE(?:\.NET)?|FS|EB|APL|TEYA|BTL) ?[*_] ?(?=\S)/;

/** Takes away what it knows; a text that it doesn't know is left as it is. Each in linearly many steps. */
type Rule = RegExp | ((text: string) => string);

/** What banks write behind the name. Tried again and again, since several may stand there. */
const SUFFIXES: readonly Rule[] = [
  / (?:ON )?\d{1,2} ?(?:JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)[A-Z]*(?: ?\d{2,4})?(?: (?:BCC|CLP|CPM|BDC|\d{2}:\d{2}))*$/,
  / (?:ON )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?: \d{2}:\d{2})?$/,
  / (?:EUR|USD|GBP|AUD|CHF|SEK|PLN) ?\d[\d.,]*(?: ?@ ?\d[\d.]*)?$/,
  withoutRate,
  / (?:SALARY|WAGES|PAYROLL)$/,
  / (?:AUTH|REFUND|PENDING|BCC|CLP|CPM|CNP|REFERENCE|MANDATE)$/,
  / CD ?\d{4}$/,
  / (?:REF(?:ERENCE)?|MANDATE(?: NO)?|A\/C|ACCOUNT|CARD ENDING|VISA|VIA MOBILE|VIA ONLINE)[ .:-] *\S.*/,
  / (?:VIA MOBILE|VIA ONLINE|VIA APPLE PAY|VIA GOOGLE PAY)(?: - PYMT)?$/,
  /,? (?:GB|GBR|UK|IE|IRL|US|USA|NL|LU|LUX|SE|DE|FR)$/,
  withoutPhoneNumber,
  / #? ?(?=\S*\d{2})[A-Z]{0,2}\d[\dA-Z-]*$/,
  / P[0-9A-F]{6,}$/,
  / (?:LONDON|DUBLIN|MANCHESTER|BIRMINGHAM|LEEDS|GLASGOW|EDINBURGH|BRISTOL|LIVERPOOL|LUXEMBOURG|AMSTERDAM|STOCKHOLM|CARDIFF|BELFAST)$/,
  withoutAddress,
  (text) => trimEndOf(text, ' *,.-'),
];

const LEGAL = / (?:LTD|LIMITED|PLC|LLP|INC|LLC|GMBH|DAC|SARL|S\.?A\.?R\.?L\.?|BV|AB|UK LTD|\(UK\)|INTERNATIONAL)\.?$/;

/** In capitals, without what the bank wrote around the name. Never empty: when nothing is left, the text as it was. */
export function cleanDescriptor(description: string): string {
  const whole = description
    .normalize('NFKC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .toUpperCase();
  let text = whole;
  for (const prefix of PREFIXES) text = shortened(text, prefix);
  text = shortened(text, COLLECTORS);
  for (let round = 0; round < 6; round++) {
    const before = text;
    for (const suffix of SUFFIXES) text = shortened(text, suffix);
    text = shortened(text, LEGAL);
    if (text === before) break;
  }
  text = shortened(text, withoutNumberAfterStar);
  text = text.replace(/^(?:WWW\.)?([A-Z0-9][A-Z0-9-]+)\.(?:COM|CO\.UK|NET|ORG|IO|APP)(?:\/\S*)?$/, '$1').trim();
  return text === '' ? whole : text;
}

/** A rule that would leave nothing that reads like a name isn't applied. */
function shortened(text: string, rule: Rule): string {
  const rest = (typeof rule === 'function' ? rule(text) : text.replace(rule, '')).trim();
  return /\p{L}\p{L}|\p{L}\d|\d\p{L}/u.test(rest) ? rest : text;
}

/** `EUR 12.00 @ 1.1312 VISA EXCHANGE RATE` */
function withoutRate(text: string): string {
  if (!text.endsWith('RATE')) return text;
  return text.replace(/ (?:EUR|USD|GBP|AUD|CHF|SEK|PLN) ?\d[\d.,]*(?: ?@ ?\d[\d.]*)? .*/, '');
}

/** Read backwards, where a number can only begin at the end of the text. */
function withoutPhoneNumber(text: string): string {
  const backwards = Array.from(text).reverse().join('');
  const [number] = /^\d[\d -]{6,}\d\+? /.exec(backwards) ?? [''];
  return text.slice(0, text.length - number.length);
}

/** A last word that is an address on the web. */
function withoutAddress(text: string): string {
  const at = text.lastIndexOf(' ');
  const isAddress = /^(?:HELP\.UBER\.COM$|WWW\.\S|\S+\.(?:COM|CO\.UK|NET|ORG)\/)/.test(text.slice(at + 1));
  return at !== -1 && isAddress ? text.slice(0, at) : text;
}

/** `NAME*1A2B`: in the last word, from the first star on, if digits stand behind it. */
function withoutNumberAfterStar(text: string): string {
  const star = text.indexOf('*', text.lastIndexOf(' ') + 1);
  return star !== -1 && /\d/.test(text.slice(star)) ? text.slice(0, star) : text;
}

/** Words that stay as they are written, and those that are small in the middle. */
const CAPITALS = new Set(
  'BP HSBC TSB RBS NHS UK USA TV BT EE DPD DHL BMW KFC ATM IKEA ASOS HMRC DVLA AA RAC EDF LLP II III NE SE NW SW SE1 EC2'.split(
    ' ',
  ),
);
const SMALL = new Set('AND AT OF THE DE LA LE DU IN ON FOR BY'.split(' '));

/** Banks shout; people don't. */
export function toTitle(text: string): string {
  return text
    .split(' ')
    .map((word, index) => (index > 0 && SMALL.has(word) ? word.toLowerCase() : titled(word)))
    .join(' ');
}

function titled(word: string): string {
  if (CAPITALS.has(word) || /^[A-Z]$/.test(word) || (/\d/.test(word) && word.length < 5)) return word;
  if (/^(?!(?:MR|MRS|DR|ST|LTD|PLC)$)[B-DF-HJ-NP-TV-XZ]{2,4}$/.test(word)) return word;
  return word
    .toLowerCase()
    .replace(/(^|[-/(&*])(\p{L})/gu, (_, before: string, letter: string) => before + letter.toUpperCase());
}
