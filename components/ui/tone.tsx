export type Tone = 'neutral' | 'note' | 'good' | 'caution' | 'danger';

/** Colour repeats what the words say, so each tone is only ever a pair of ink and paper. */
export const TONE_INK = {
  neutral: 'text-soft',
  note: 'text-note',
  good: 'text-good',
  caution: 'text-caution',
  danger: 'text-danger',
} as const;

export const TONE_PAPER = {
  neutral: 'bg-sunken',
  note: 'bg-note-soft',
  good: 'bg-good-soft',
  caution: 'bg-caution-soft',
  danger: 'bg-danger-soft',
} as const;
