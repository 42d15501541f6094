// One worker process: takes jobs from the queue until it is told to stop. Configured by environment only.
import { runWorker } from '#lib/jobs/worker';

await runWorker();
