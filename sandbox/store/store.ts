import { type Collection, openDocuments } from './documents.ts';
import { Code, Connection, Journey, Meter, RefreshToken, Setting, Task, TrackedEvent } from './records.ts';

export type Store = {
  journeys: Collection<Journey>;
  codes: Collection<Code>;
  connections: Collection<Connection>;
  refreshTokens: Collection<RefreshToken>;
  tasks: Collection<Task>;
  meters: Collection<{ calledAt: number[] }>;
  events: Collection<TrackedEvent>;
  settings: Collection<string>;
  usedLinks: Collection<string>;
  close(): void;
};

export function openStore(dataDir: string | null): Store {
  const documents = openDocuments(dataDir);
  return {
    journeys: documents.collection('journey', Journey),
    codes: documents.collection('code', Code),
    connections: documents.collection('connection', Connection),
    refreshTokens: documents.collection('refresh_token', RefreshToken),
    tasks: documents.collection('task', Task),
    meters: documents.collection('meter', Meter),
    events: documents.collection('event', TrackedEvent),
    settings: documents.collection('setting', Setting),
    usedLinks: documents.collection('used_link', Setting),
    close: () => documents.close(),
  };
}

/** Forgets everything that people and clients did; keys and clock are settings and are kept. */
export function clearJourneysAndGrants(store: Store): void {
  for (const kind of ['journeys', 'codes', 'connections', 'refreshTokens', 'tasks', 'meters', 'events'] as const) {
    store[kind].clear();
  }
  store.usedLinks.clear();
}
