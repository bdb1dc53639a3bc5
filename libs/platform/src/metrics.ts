import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

const latencyBuckets = [0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.125, 0.25, 0.5, 1, 2, 5];

/** What Prometheus reads at /metrics. Labels are names of operations and codes, never ids. */
export class Metrics {
  readonly registry = new Registry();
  private readonly socketRequests = new Histogram({
    name: 'attune_socket_request_seconds',
    help: 'Time from a socket request to its answer.',
    labelNames: ['request', 'code'],
    buckets: latencyBuckets,
    registers: [this.registry],
  });
  private readonly httpRequests = new Histogram({
    name: 'attune_http_request_seconds',
    help: 'Time from an HTTP request to its response.',
    labelNames: ['route', 'status'],
    buckets: latencyBuckets,
    registers: [this.registry],
  });
  private readonly jobs = new Counter({
    name: 'attune_jobs_total',
    help: 'Jobs that ended, by queue and outcome.',
    labelNames: ['queue', 'outcome'],
    registers: [this.registry],
  });

  private readonly inferences = new Counter({
    name: 'attune_inferences_total',
    help: 'Examples of packages by where they were run, where servers are configured, and why not there: none, unsupported (they do not have the model), unreachable, too-slow, busy, broken.',
    labelNames: ['place', 'reason'],
    registers: [this.registry],
  });

  private readonly auditEvents = new Counter({
    name: 'attune_audit_events_sealed_total',
    help: 'Events of the audit that this process sealed.',
    registers: [this.registry],
  });
  private readonly auditAge = new Gauge({
    name: 'attune_audit_unsealed_seconds',
    help: 'Age of the oldest event of the audit that waited for a seal when this process last looked.',
    registers: [this.registry],
  });

  constructor(process: string) {
    this.registry.setDefaultLabels({ process });
    collectDefaultMetrics({ register: this.registry });
  }

  socketRequest(request: string, code: string, milliseconds: number): void {
    this.socketRequests.observe({ request, code }, milliseconds / 1000);
  }

  httpRequest(route: string, status: number, milliseconds: number): void {
    this.httpRequests.observe({ route, status: String(status) }, milliseconds / 1000);
  }

  jobEnded(queue: string, outcome: 'completed' | 'failed'): void {
    this.jobs.inc({ queue, outcome });
  }

  auditSealed(events: number): void {
    this.auditEvents.inc(events);
  }

  auditWaits(milliseconds: number): void {
    this.auditAge.set(milliseconds / 1000);
  }

  /** @param reason why the servers did not run it */
  inferred(place: 'servers' | 'here', reason: string): void {
    this.inferences.inc({ place, reason });
  }

  /** Adds a number that is read when Prometheus asks. */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** Adds the numbers of jobs that wait, by queue; without an answer of the database there are none. */
  jobsWaiting(queues: readonly string[], count: (queue: string) => Promise<number>): void {
    new Gauge({
      name: 'attune_jobs_waiting',
      help: 'Jobs that wait, by queue; those of the queue "poison" wait for somebody to look.',
      labelNames: ['queue'],
      registers: [this.registry],
      async collect() {
        this.reset();
        const counts = await Promise.all(queues.map((queue) => count(queue).catch(() => null)));
        for (const [index, waiting] of counts.entries()) {
          if (waiting !== null) this.set({ queue: queues[index]! }, waiting);
        }
      },
    });
  }
}
