import type { Place } from './places.ts';
import { mix, type Random } from './random.ts';

export function pickPlace(places: readonly Place[], random: Random): Place {
  let left = random.unit() * weightOf(places);
  for (const place of places) {
    left -= place.weight;
    if (left < 0) return place;
  }
  return random.pick(places);
}

export function priceAt(place: Place, random: Random): number {
  // Squared, since most visits are small ones.
  const price = place.lowMinor + Math.round((place.highMinor - place.lowMinor) * random.unit() ** 2);
  return place.habit === 'cash' ? Math.round(price / 1000) * 1000 : price;
}

export function averagePrice(places: readonly Place[]): number {
  const sum = places.reduce((total, { weight, lowMinor, highMinor }) => {
    return total + weight * (lowMinor + (highMinor - lowMinor) / 3);
  }, 0);
  return sum / weightOf(places);
}

/** The place as the bank prints it; one seed always gives the same branch. */
export function printPlace(place: Place, seed: number): string {
  let position = 0;
  return place.text.replace(/#/g, () => {
    position += 1;
    return String(mix(seed, place.lowMinor, place.highMinor, position) % 10);
  });
}

const weights = new WeakMap<readonly Place[], number>();

function weightOf(places: readonly Place[]): number {
  let weight = weights.get(places);
  if (weight === undefined) {
    weight = places.reduce((sum, place) => sum + place.weight, 0);
    weights.set(places, weight);
  }
  return weight;
}
