import type { Category } from './categories.ts';

export type Brand = { key: string; name: string; category: Category };

/** Spellings are patterns over a text in capitals; the first line that fits is the one. */
const LINES: readonly [name: string, category: Category, ...spellings: string[]][] = [
  ['Tesco', 'groceries', '^TESCO'],
  ["Sainsbury's", 'groceries', 'SAINSBURY', '^JS ONLINE GROCERY'],
  ['Asda', 'groceries', '^ASDA'],
  ['Morrisons', 'groceries', '^WM MORRISON', '^MORRISONS'],
  ['Waitrose', 'groceries', '^WAITROSE'],
  ['Aldi', 'groceries', '^ALDI'],
  ['Lidl', 'groceries', '^LIDL'],
  ['Co-op', 'groceries', '^CO-OP', '^COOP GROUP', '^THE CO-OPERATIVE FOOD', '^CO-OPERATIVE FOOD', '^COOPERATIVE FOOD'],
  ['Iceland', 'groceries', '^ICELAND (?:FOODS|\\d)', '^ICELAND$'],
  ['Ocado', 'groceries', '^OCADO'],
  ['Marks & Spencer', 'shopping', '^MARKS ?& ?SPENCER', '^MARKS AND SPENCER', '^M&S', '^M & S'],
  ['Amazon Prime', 'entertainment', 'AMAZON PRIME', 'AMZN ?PRIME', 'PRIME VIDEO'],
  ['Amazon', 'shopping', '^AMAZON', '^AMZ', '^AMZN'],
  ['eBay', 'shopping', '^EBAY'],
  ['Argos', 'shopping', '^ARGOS'],
  ['John Lewis', 'shopping', '^JOHN LEWIS'],
  ['IKEA', 'home', '^IKEA'],
  ['B&Q', 'home', '^B ?& ?Q', '^B AND Q'],
  ['Screwfix', 'home', '^SCREWFIX'],
  ['Boots', 'health', '^BOOTS(?: |$)'],
  ['Superdrug', 'health', '^SUPERDRUG'],
  ['Primark', 'shopping', '^PRIMARK'],
  ['Next', 'shopping', '^NEXT (?:RETAIL|DIRECTORY|ONLINE|PLC|\\d)'],
  ['ASOS', 'shopping', '^ASOS'],
  ['Uniqlo', 'shopping', '^UNIQLO'],
  ['Apple', 'shopping', '^APPLE(?:\\.COM|$)', '^APPLE (?:STORE|ONLINE|R\\d)', '^ITUNES'],
  ['Google Play', 'entertainment', '^GOOGLE ?\\*? ?PLAY'],
  ['Google', 'shopping', '^GOOGLE'],
  ['Netflix', 'entertainment', '^NETFLIX'],
  ['Spotify', 'entertainment', '^SPOTIFY'],
  ['Disney+', 'entertainment', '^DISNEY ?PLUS', '^DISNEY\\+'],
  ['Sky', 'bills', '^SKY (?:DIGITAL|SUBSCRIPTION|UK|MOBILE|BETTING)', '^SKY$'],
  ['NOW TV', 'entertainment', '^NOW ?TV'],
  ['Odeon', 'entertainment', '^ODEON'],
  ['Steam', 'entertainment', '^STEAM ?(?:GAMES|PURCHASE|POWERED)'],
  ['PlayStation', 'entertainment', '^PLAYSTATION', '^SONY PLAYSTATION'],
  ['Deliveroo', 'eating_out', '^DELIVEROO'],
  ['Uber Eats', 'eating_out', '^UBER ?\\*? ?EATS', '^UBEREATS'],
  ['Uber', 'transport', '^UBER'],
  ['Bolt', 'transport', '^BOLT\\.EU', '^BOLT ?RIDE'],
  ['Just Eat', 'eating_out', '^JUST[ -]?EAT'],
  ["McDonald's", 'eating_out', "^MC ?DONALD'?S"],
  ['Greggs', 'eating_out', '^GREGGS'],
  ['Pret A Manger', 'eating_out', '^PRET A', '^PRET$'],
  ['Costa Coffee', 'eating_out', '^COSTA(?: |$)'],
  ['Starbucks', 'eating_out', '^STARBUCKS'],
  ['Caffè Nero', 'eating_out', '^CAFFE? NERO'],
  ["Nando's", 'eating_out', "^NANDO'?S"],
  ['KFC', 'eating_out', '^KFC'],
  ["Domino's", 'eating_out', "^DOMINO'?S"],
  ['Wetherspoon', 'eating_out', 'WETHERSPOON', '^JDW'],
  ['Transport for London', 'transport', '^TFL', 'TRANSPORT FOR LONDON'],
  ['Trainline', 'transport', '^(?:THE)?TRAINLINE'],
  [
    'National Rail',
    'transport',
    '^(?:LNER|GWR|AVANTI|SOUTHERN RAIL|SOUTH WESTERN RAIL|SCOTRAIL|NORTHERN (?:RAIL|TRAINS))',
  ],
  ['Shell', 'transport', '^SHELL(?: |$)'],
  ['BP', 'transport', '^BP(?: |$)'],
  ['Esso', 'transport', '^ESSO'],
  ['DVLA', 'taxes', '^DVLA'],
  ['HMRC', 'taxes', '^HMRC', '^HM REVENUE'],
  ['TV Licence', 'bills', '^TV LICEN[CS]E'],
  ['British Gas', 'bills', '^BRITISH GAS'],
  ['Octopus Energy', 'bills', '^OCTOPUS ENERGY'],
  ['EDF', 'bills', '^EDF'],
  ['Thames Water', 'bills', '^THAMES WATER'],
  ['BT', 'bills', '^BT (?:GROUP|PLC)', '^BRITISH TELECOM'],
  ['EE', 'bills', '^EE(?: LIMITED| LTD| & T-MOBILE|$)', '^T-MOBILE'],
  ['O2', 'bills', '^O2(?: |$)', '^TELEFONICA UK'],
  ['Vodafone', 'bills', '^VODAFONE'],
  ['Three', 'bills', '^H3G', '^THREE (?:MOBILE|UK)'],
  ['Virgin Media', 'bills', '^VIRGIN MEDIA'],
  ['giffgaff', 'bills', '^GIFFGAFF'],
  ['PureGym', 'health', '^PURE ?GYM'],
  ['The Gym Group', 'health', '^THE GYM(?: |$)'],
  ['Aviva', 'bills', '^AVIVA'],
  ['Admiral', 'bills', '^ADMIRAL'],
  ['American Express', 'bills', '^AMERICAN EXP', '^AMEX'],
  ['Airbnb', 'travel', '^AIRBNB'],
  ['Booking.com', 'travel', '^BOOKING\\.COM'],
  ['easyJet', 'travel', '^EASYJET'],
  ['Ryanair', 'travel', '^RYANAIR'],
  ['British Airways', 'travel', '^BRITISH A(?:IR)?WAYS'],
  ['Premier Inn', 'travel', '^PREMIER INN'],
  ['Royal Mail', 'other', '^ROYAL MAIL'],
  ['Post Office', 'other', '^POST OFFICE'],
  ['Microsoft', 'shopping', '^MICROSOFT', '^MSFT'],
  ['Wise', 'transfer', '^WISE(?: |$)', '^TRANSFERWISE'],
];

const BRANDS: readonly { pattern: RegExp; brand: Brand }[] = LINES.map(([name, category, ...spellings]) => ({
  pattern: new RegExp(spellings.join('|')),
  brand: { key: keyOf(name), name, category },
}));

/** The first brand, in the order above, that a text in capitals names. */
export function findBrand(text: string): Brand | null {
  return BRANDS.find(({ pattern }) => pattern.test(text))?.brand ?? null;
}

/** What a person's "always" hangs on: letters and digits only, so that spellings meet. */
export function keyOf(name: string): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const key = plain.replaceAll('&', 'and').replace(/[^\p{L}\p{N}]+/gu, '');
  return (key === '' ? plain.trim() || 'unnamed' : key).slice(0, 60);
}
