export type Place = {
  name: string;
  /** What the bank prints; `#` stands for a digit of the branch. */
  text: string;
  classification: readonly [string, string];
  lowMinor: number;
  highMinor: number;
  weight: number;
  habit?: 'fuel' | 'tip' | 'cash' | 'returns';
};

const shop = (
  name: string,
  text: string,
  classification: readonly [string, string],
  [lowMinor, highMinor]: [number, number],
  weight: number,
  habit?: Place['habit'],
): Place => ({ name, text, classification, lowMinor, highMinor, weight, ...(habit === undefined ? {} : { habit }) });

const groceries = ['Shopping', 'Groceries'] as const;
const coffee = ['Food & Dining', 'Coffee shops'] as const;
const meals = ['Food & Dining', 'Restaurants'] as const;
const fastFood = ['Food & Dining', 'Fast Food'] as const;
const bars = ['Food & Dining', 'Bars'] as const;
const delivery = ['Food & Dining', 'Delivery'] as const;
const transit = ['Auto & Transport', 'Public transport'] as const;
const fuel = ['Auto & Transport', 'Gas & Fuel'] as const;
const general = ['Shopping', 'General'] as const;
const clothing = ['Shopping', 'Clothing'] as const;
const home = ['Shopping', 'Home'] as const;
const pharmacy = ['Health & Fitness', 'Pharmacy'] as const;
const hair = ['Personal Care', 'Hair'] as const;
const films = ['Entertainment', 'Movies & DVDs'] as const;

export const ukPlaces: readonly Place[] = [
  shop('Tesco', 'TESCO STORES ####', groceries, [380, 7400], 9),
  shop("Sainsbury's", 'SAINSBURYS S/MKTS ####', groceries, [420, 8100], 6),
  shop('Lidl', 'LIDL GB ##### LONDON', groceries, [310, 5200], 5),
  shop('Aldi', 'ALDI STORES ###', groceries, [350, 5600], 4),
  shop('Co-op', 'CO-OP GROUP FOOD ####', groceries, [180, 2100], 6),
  shop('Waitrose', 'WAITROSE ###', groceries, [600, 6900], 2),
  shop('Kettle & Crumb', 'KETTLE AND CRUMB', coffee, [290, 980], 6),
  shop('Pret A Manger', 'PRET A MANGER SHOP ###', coffee, [345, 1290], 5),
  shop('Costa Coffee', 'COSTA COFFEE ########', coffee, [310, 890], 4),
  shop('Greggs', 'GREGGS PLC ####', fastFood, [215, 780], 4),
  shop("Nando's", 'NANDOS ####', fastFood, [1150, 4200], 1),
  shop('The Copper Fox', 'THE COPPER FOX SE1', bars, [520, 4600], 3),
  shop('Bao Garden', 'BAO GARDEN RESTAURANT', meals, [1850, 7400], 2, 'tip'),
  shop('Trattoria Lina', 'TRATTORIA LINA LTD', meals, [2100, 8800], 1, 'tip'),
  shop('Deliveroo', 'DELIVEROO.CO.UK', delivery, [1290, 3980], 2),
  shop('Transport for London', 'TFL TRAVEL CH TFL.GOV.UK/CP', transit, [180, 990], 8),
  shop('Trainline', 'TRAINLINE LONDON', transit, [890, 8400], 1, 'returns'),
  shop('Uber', 'UBER *TRIP HELP.UBER.COM', ['Auto & Transport', 'Taxi'], [640, 2950], 2),
  shop('Shell', 'SHELL KINGSWAY ###', fuel, [2800, 8200], 2, 'fuel'),
  shop('BP', 'BP RIVERSIDE ####', fuel, [2500, 7900], 1, 'fuel'),
  shop('Amazon', 'AMAZON.CO.UK*##Q#R###', general, [499, 8990], 4, 'returns'),
  shop('Argos', 'ARGOS LTD ####', general, [700, 12900], 1, 'returns'),
  shop('Marks & Spencer', 'MARKS&SPENCER PLC ####', clothing, [650, 9900], 2, 'returns'),
  shop('Uniqlo', 'UNIQLO OXFORD ST', clothing, [1490, 11900], 1, 'returns'),
  shop('IKEA', 'IKEA LTD ###', home, [900, 24000], 1, 'returns'),
  shop('Boots', 'BOOTS ####', pharmacy, [240, 3600], 3),
  shop('Hannah at No. 9', 'HANNAH AT NO 9', hair, [1800, 7200], 1, 'tip'),
  shop('Odeon', 'ODEON CINEMAS ###', films, [790, 3400], 1),
  shop('Waterstones', 'WATERSTONES ###', ['Shopping', 'Books'], [699, 4200], 1),
  shop('Cash', 'LINK CASH MACHINE ######', ['Uncategorized', 'General'], [2000, 10000], 2, 'cash'),
];

export const irishPlaces: readonly Place[] = [
  shop('SuperValu', 'VDP-SUPERVALU ####', groceries, [420, 8200], 7),
  shop('Dunnes Stores', 'VDP-DUNNES STORES ###', groceries, [510, 9100], 6),
  shop('Centra', 'VDC-CENTRA ####', groceries, [220, 1900], 6),
  shop('Lidl', 'VDP-LIDL IRELAND ###', groceries, [350, 6100], 5),
  shop('Insomnia Coffee', 'VDC-INSOMNIA COFFEE', coffee, [330, 990], 6),
  shop('The Quay Tavern', 'VDP-THE QUAY TAVERN', bars, [620, 5400], 3),
  shop('Leap Top-Up', 'VDP-LEAPCARD TOPUP', transit, [1000, 3000], 4),
  shop('Circle K', 'VDP-CIRCLE K ####', fuel, [2500, 7800], 2, 'fuel'),
  shop('Penneys', 'VDP-PENNEYS ####', clothing, [900, 7900], 2, 'returns'),
  shop('An Post', 'VDP-AN POST ###', general, [165, 2400], 1),
  shop('Boots', 'VDP-BOOTS ####', pharmacy, [350, 4100], 2),
  shop('Cash', 'ATM DUBLIN ####', ['Uncategorized', 'General'], [2000, 10000], 2, 'cash'),
];

export const europeanPlaces: readonly Place[] = [
  shop('Carrefour', 'CARREFOUR CITY ####', groceries, [450, 7900], 6),
  shop('Lidl', 'LIDL ####', groceries, [390, 6200], 6),
  shop('Spar', 'SPAR EXPRESS ###', groceries, [210, 2300], 5),
  shop('Café Central', 'CAFE CENTRAL', coffee, [190, 890], 6),
  shop('Boulangerie du Port', 'BOULANGERIE DU PORT', fastFood, [240, 1100], 4),
  shop('Osteria Nove', 'OSTERIA NOVE', meals, [1900, 8200], 2, 'tip'),
  shop('Metro', 'METRO TICKETS', transit, [170, 1900], 5),
  shop('TotalEnergies', 'TOTALENERGIES ####', fuel, [2600, 8100], 2, 'fuel'),
  shop('Zalando', 'ZALANDO SE', clothing, [1900, 12900], 2, 'returns'),
  shop('Hotel Miramar', 'HOTEL MIRAMAR', ['Travel', 'Hotel'], [7800, 28000], 1),
  shop('Apotheke am Markt', 'APOTHEKE AM MARKT', pharmacy, [390, 3200], 2),
  shop('Cash', 'ATM WITHDRAWAL ####', ['Uncategorized', 'General'], [2000, 15000], 1, 'cash'),
];

export const businessPlaces: readonly Place[] = [
  shop('Screwfix', 'SCREWFIX DIRECT ###', home, [890, 18900], 4, 'returns'),
  shop('Royal Mail', 'ROYAL MAIL BUSINESS', ['Business Services', 'Shipping'], [340, 9800], 4),
  shop('Google Ads', 'GOOGLE*ADS ##########', ['Business Services', 'Advertising'], [2500, 38000], 3),
  shop('Viking', 'VIKING OFFICE UK', ['Business Services', 'Office Supplies'], [1290, 16400], 2, 'returns'),
  shop('Printworks', 'PRINTWORKS EC2', ['Business Services', 'Printing'], [1800, 24000], 2),
  shop('Trainline', 'TRAINLINE LONDON', transit, [1890, 14400], 3, 'returns'),
  shop('Shell', 'SHELL KINGSWAY ###', fuel, [3800, 9800], 4, 'fuel'),
  shop('Kettle & Crumb', 'KETTLE AND CRUMB', coffee, [590, 2480], 4),
  shop('Bao Garden', 'BAO GARDEN RESTAURANT', meals, [2850, 14400], 2, 'tip'),
  shop('Amazon Business', 'AMZNBUSINESS ##R###', general, [990, 28900], 3, 'returns'),
];

export type Region = 'uk' | 'ie' | 'eu';

export function placesOf(region: Region, isBusiness: boolean): readonly Place[] {
  if (isBusiness) return businessPlaces;
  if (region === 'ie') return irishPlaces;
  return region === 'uk' ? ukPlaces : europeanPlaces;
}
