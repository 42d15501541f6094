import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metric } from './exposition.ts';

const delay = monitorEventLoopDelay({ resolution: 20 });
delay.enable();

/** Of this process alone, under the names that dashboards know. */
export function processMetrics(): Metric[] {
  const { user, system } = process.cpuUsage();
  const lag = delay.percentile(99) / 1e9;
  delay.reset();
  return [
    gauge('process_resident_memory_bytes', 'Memory of this process.', process.memoryUsage.rss()),
    gauge('process_start_time_seconds', 'When this process started.', Date.now() / 1000 - process.uptime()),
    {
      name: 'process_cpu_seconds_total',
      help: 'Processor time of this process.',
      type: 'counter',
      samples: [{ value: (user + system) / 1e6 }],
    },
    gauge('nodejs_eventloop_lag_p99_seconds', 'How late the event loop was, since the last time of asking.', lag),
  ];
}

export function gauge(name: string, help: string, value: number): Metric {
  return { name, help, type: 'gauge', samples: [{ value }] };
}
