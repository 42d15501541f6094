import type { Faults } from '#sandbox/control/faults';
import type { RequestLog } from '#sandbox/control/request-log';
import type { Switches } from '#sandbox/control/switches';
import type { AnswerCache } from '#sandbox/data/answer-cache';
import type { TaskRunner } from '#sandbox/data/task-runner';
import type { Signer } from '#sandbox/grants/signer';
import type { Store } from '#sandbox/store/store';
import type { Clock } from './clock.ts';
import type { StandInConfig } from './config.ts';

/** All that a handler may reach. One for each running stand-in. */
export type World = {
  config: StandInConfig;
  /** The address in the links that it gives out; known once it listens. */
  origin(): string;
  clock: Clock;
  store: Store;
  switches: Switches;
  faults: Faults;
  requests: RequestLog;
  signer: Signer;
  answers: AnswerCache;
  tasks: TaskRunner;
};
