import { z } from 'zod';
import { isId } from '#libs/kernel';

/** A lower-case RFC 9562 UUID. Clients make the ids of what they send, best as version 7. */
export const idSchema = z.string().refine(isId, 'must be a lower-case UUID');

/** Unix milliseconds by the clock of the device, between the years 2000 and 2100. */
export const deviceTimeSchema = z.int().min(946_684_800_000).max(4_102_444_800_000);

/** A number of a stream's event; 0 stands before the first. */
export const cursorSchema = z.int().min(0);
