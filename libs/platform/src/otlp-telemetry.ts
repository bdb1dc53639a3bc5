import { isSpanContextValid, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { Telemetry, type EndedWork } from './telemetry.js';

/** Makes a span of each piece of work and sends them in batches by OTLP over HTTP. */
export class OtlpTelemetry extends Telemetry {
  override readonly isOn = true;
  private readonly provider: NodeTracerProvider;

  /** @param endpoint base URL of the collector; `/v1/traces` is added */
  constructor(endpoint: string, service: string) {
    super();
    const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` });
    this.provider = new NodeTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service }),
      spanProcessors: [new BatchSpanProcessor(exporter)],
    });
  }

  override note({ kind, name, milliseconds, attributes, failed, traceparent }: EndedWork): void {
    const endTime = Date.now();
    const span = this.provider.getTracer('attune').startSpan(
      name,
      {
        kind: kind === 'job' ? SpanKind.CONSUMER : SpanKind.SERVER,
        startTime: endTime - milliseconds,
        attributes: { ...attributes },
      },
      contextOf(traceparent),
    );
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(endTime);
  }

  override close(): Promise<void> {
    return this.provider.shutdown();
  }
}

/** The context that a `traceparent` header names; one that is malformed names none (W3C Trace Context §3.2). */
function contextOf(traceparent: string | undefined): Context {
  const [, version, traceId, spanId, flags] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(traceparent ?? '') ?? [];
  if (version === undefined || version === 'ff') return ROOT_CONTEXT;
  const parent = { traceId: traceId!, spanId: spanId!, traceFlags: Number.parseInt(flags!, 16) & 1, isRemote: true };
  return isSpanContextValid(parent) ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}
