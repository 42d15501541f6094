/** What goes to TrueLayer's support. Instants are text in UTC, as support compares them with its own logs. */
export type SupportBundle = {
  madeAt: string;
  environment: string;
  clientId: string | null;
  bank: { providerId: string; name: string };
  connection: {
    ourId: string;
    credentialsId: string | null;
    debugId: string | null;
    whyNoDebugId: string | null;
    state: string;
    consentStatus: string | null;
    consentCreatedAt: string | null;
    consentExpiresAt: string | null;
    authenticatedAt: string | null;
    permissions: string[];
    lastGoodUpdateAt: string | null;
    lastError: string | null;
    lastErrorAt: string | null;
  };
  trips: {
    at: string;
    returnedAt: string | null;
    flow: string;
    outcome: string;
    truelayerError: string | null;
    truelayerDescription: string | null;
    trackingId: string | null;
  }[];
  calls: {
    at: string;
    endpoint: string;
    isAttended: boolean;
    httpStatus: number | null;
    error: string | null;
    durationMs: number | null;
    clientCorrelationId: string;
    tlCorrelationId: string | null;
  }[];
};

/** The same as text, to be pasted into a ticket. What failed comes first. */
export function toBundleText(bundle: SupportBundle): string {
  const { connection, calls, trips } = bundle;
  const failed = calls.filter((call) => call.error !== null);
  const fine = calls.filter((call) => call.error === null);
  return [
    `Support bundle of ${bundle.madeAt} (all times UTC)`,
    '',
    ...toFacts({
      Environment: bundle.environment,
      'Client id': bundle.clientId,
      Provider: `${bundle.bank.providerId} (${bundle.bank.name})`,
      credentials_id: connection.credentialsId,
      debug_id: connection.debugId ?? `none (${connection.whyNoDebugId})`,
      'Consent status': connection.consentStatus,
      'Consent created': connection.consentCreatedAt,
      'Consent expires': connection.consentExpiresAt,
      'Last bank login': connection.authenticatedAt,
      Permissions: connection.permissions.join(' '),
      'Last good update': connection.lastGoodUpdateAt,
      'Last error': connection.lastError === null ? null : `${connection.lastError} at ${connection.lastErrorAt}`,
      'Our id': connection.ourId,
      'Our state': connection.state,
    }),
    '',
    `Calls that failed (${failed.length})`,
    ...orNone(failed.map(toCallLine)),
    '',
    `Other calls (${fine.length})`,
    ...orNone(fine.map(toCallLine)),
    '',
    `Trips to the bank (${trips.length})`,
    ...orNone(
      trips.map((trip) =>
        [
          trip.at,
          trip.flow,
          trip.outcome,
          `error ${trip.truelayerError ?? '-'}`,
          trip.truelayerDescription ?? '',
          `tracking ${trip.trackingId ?? '-'}`,
        ]
          .join('  ')
          .trimEnd(),
      ),
    ),
    '',
  ].join('\n');
}

function toFacts(facts: Readonly<Record<string, string | null>>): string[] {
  return Object.entries(facts).map(([name, value]) => `${`${name}:`.padEnd(18)}${value ?? 'not known'}`);
}

function toCallLine(call: SupportBundle['calls'][number]): string {
  return [
    call.at,
    call.endpoint.padEnd(30),
    `HTTP ${call.httpStatus ?? '---'}`,
    (call.error ?? 'ok').padEnd(26),
    call.isAttended ? 'attended  ' : 'unattended',
    `X-TL-Correlation-Id ${call.tlCorrelationId ?? '-'}`,
    `X-Client-Correlation-Id ${call.clientCorrelationId}`,
  ].join('  ');
}

function orNone(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? ['none'] : lines;
}
