import { z } from 'zod';

/** What the API and the worker tell their supervisor over the IPC channel. */
const partMessageSchema = z.discriminatedUnion('kind', [
  /** It does its work from now on. */
  z.object({ kind: z.literal('ready'), url: z.string().optional() }),
  /** It cannot start, for a reason that a person can act on. */
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);

export type PartMessage = z.infer<typeof partMessageSchema>;

/** Reads a message; null for one that is not ours, which a library may send over the same channel. */
export function parsePartMessage(message: unknown): PartMessage | null {
  return partMessageSchema.safeParse(message).data ?? null;
}
