/** What became of a form: refused, it keeps what was typed, but for a secret. */
export type FormState<Typed> = { outcome: 'untouched' | 'saved' } | { outcome: 'refused'; code: string; typed: Typed };

export type TypedClient = { clientId: string; reason: string };

/** As text, whatever was typed: what isn't a number has to come back as it was. */
export type TypedSettings = {
  flow: string;
  providers: string;
  permissions: readonly string[];
  reminderDays: string;
  answerDays: string;
  callDays: string;
  historyDays: string;
  reason: string;
};
