import type { Config } from './config.js';
import { Telemetry } from './telemetry.js';

class NoTelemetry extends Telemetry {
  override readonly isOn = false;

  override note(): void {}

  override async close(): Promise<void> {}
}

/**
 * Sends traces to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names. Without it nothing is measured, and the SDK is
 * not even loaded.
 * @param service as it is called in the traces, such as `attune-api`
 */
export async function openTelemetry(
  { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }: Pick<Config, 'OTEL_EXPORTER_OTLP_ENDPOINT'>,
  service: string,
): Promise<Telemetry> {
  if (endpoint === undefined) return new NoTelemetry();
  const { OtlpTelemetry } = await import('./otlp-telemetry.js');
  return new OtlpTelemetry(endpoint, service);
}
