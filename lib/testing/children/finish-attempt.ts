// A process of its own that finishes an authorization attempt with the code in CODE, for a test that kills it half-way.
import { finishAttempt } from '#lib/connections/finish-attempt';
import { createContext } from '#lib/context/context';

const [attemptId = ''] = process.argv.slice(2);
const ctx = await createContext({ actor: { kind: 'system', job: 'test' } });
const answer = { kind: 'code', state: null, code: process.env.CODE ?? '', permissions: null } as const;
await finishAttempt(ctx, attemptId, answer);
process.exit(0);
