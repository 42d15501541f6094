/**
 * What people call banks, by what the name of the bank holds. Of names and not of ids: those change. A bank that is unknown
 * here is found by its name, its initials and near misses.
 */
export const ALIASES: readonly (readonly [inName: string, aliases: readonly string[]])[] = [
  ['american express', ['amex']],
  ['aib', ['allied irish bank', 'first trust']],
  ['bank of ireland', ['boi', '365']],
  ['bank of scotland', ['bos']],
  ['barclaycard', ['barclay card']],
  ['barclays', ['barclay', 'barclays uk']],
  ['danske', ['northern bank']],
  ['first direct', ['firstdirect', '1st direct']],
  ['halifax', ['hfx', 'intelligent finance']],
  ['hsbc', ['midland', 'hong kong and shanghai']],
  ['lloyds', ['lloyd', 'lloyds tsb', 'black horse']],
  ['m&s', ['marks and spencer', 'marks & spencer', 'm and s', 'ms bank']],
  ['mbna', ['maryland']],
  ['mock', ['test bank', 'demo bank']],
  ['monzo', ['mondo']],
  ['nationwide', ['nbs', 'nationwide building society']],
  ['natwest', ['nat west', 'national westminster', 'nwb']],
  ['ptsb', ['permanent tsb']],
  ['royal bank of scotland', ['rbs']],
  ['santander', ['abbey national', 'alliance and leicester', 'bradford and bingley']],
  ['tesco', ['tesco personal finance']],
  ['tsb', ['trustee savings bank']],
  ['virgin money', ['clydesdale', 'yorkshire bank', 'northern rock']],
  ['wise', ['transferwise']],
  ['yorkshire building society', ['ybs']],
  ['zempler', ['cash plus', 'cashplus']],
];
