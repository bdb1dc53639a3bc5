import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Digest } from '#libs/kernel';
import type { AuditEvent, AuditFault, AuditHead, AuditSeal, NumberedEvent } from '../model/audit-seal.js';
import { detailsHash, leafOf, sealHash } from './audit-hashes.js';
import { canonicalJson } from './canonical-json.js';
import { sealEvents } from './seal-events.js';
import { verifySeal } from './verify-seal.js';

class NodeDigest extends Digest {
  override of(bytes: Uint8Array): string {
    return createHash('sha256').update(bytes).digest('hex');
  }
}

const digest = new NodeDigest();
const school = '0197c0de-0000-7000-8000-000000000001';
const at = new Date('2026-11-29T10:00:00.123Z');

const idOf = (number: number): string => `0197c0de-0000-7000-8000-${String(number).padStart(12, '0')}`;

function anEvent(number: number, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    id: idOf(number),
    actor: idOf(9_001),
    action: 'extension.granted',
    objectKind: 'assignment',
    objectId: idOf(9_002),
    at,
    details: { kind: 'kept', salt: idOf(8_000 + number), value: { learnerId: idOf(9_003), minutes: number } },
    ...more,
  };
}

interface Chain {
  readonly seals: readonly AuditSeal[];
  readonly events: readonly NumberedEvent[];
}

/** A chain of seals that cover as many events as is said. */
function chainOf(sizes: readonly number[]): Chain {
  const [seals, events]: [AuditSeal[], NumberedEvent[]] = [[], []];
  let head: AuditHead | null = null;
  for (const size of sizes) {
    const batch = Array.from({ length: size }, (_, index) => anEvent(events.length + index + 1));
    const seal = sealEvents(digest, school, head, batch, new Date(at.getTime() + seals.length));
    events.push(...batch.map((event, index) => ({ ...event, sequence: seal.firstSequence + index })));
    seals.push(seal);
    head = seal;
  }
  return { seals, events };
}

function firstFault({ seals, events }: Chain): AuditFault | null {
  let head: AuditHead | null = null;
  for (const seal of seals) {
    const covered = events
      .filter(({ sequence }) => sequence >= seal.firstSequence && sequence <= seal.lastSequence)
      .toSorted((a, b) => a.sequence - b.sequence);
    const fault = verifySeal(digest, school, head, seal, covered);
    if (fault !== null) return fault;
    head = seal;
  }
  return null;
}

describe('the hash of an event', () => {
  it('is of the canonical text of what it says', () => {
    const event = anEvent(1, {
      details: { kind: 'kept', salt: idOf(7), value: { b: [1, null, 'ü"'], a: { d: 0.5, c: true } } },
    });
    const text = `{"a":{"c":true,"d":0.5},"b":[1,null,"ü\\""]}`;
    expect(canonicalJson(event.details.kind === 'kept' && event.details.value)).toBe(text);
    const hash = (...texts: string[]) => createHash('sha256').update(JSON.stringify(texts)).digest('hex');
    const details = hash('attune audit details 1', idOf(7), text);
    expect(detailsHash(digest, event.details)).toBe(details);
    const fields = [school, idOf(1), idOf(9_001), 'extension.granted', 'assignment', idOf(9_002)];
    expect(leafOf(digest, school, event)).toBe(
      hash('attune audit event 1', ...fields, '2026-11-29T10:00:00.123Z', details),
    );
  });

  it('is another one for every field that is another', () => {
    const kept = { kind: 'kept', salt: idOf(8_001), value: { learnerId: idOf(9_003), minutes: 1 } } as const;
    const others: Required<{ [Field in keyof AuditEvent]: AuditEvent[Field][] }> = {
      id: [idOf(2)],
      actor: [idOf(3)],
      action: ['extension.granted '],
      objectKind: ['person'],
      objectId: [idOf(4)],
      at: [new Date(at.getTime() + 1)],
      details: [
        { ...kept, salt: idOf(5) },
        { ...kept, value: { ...kept.value, minutes: 2 } },
        { ...kept, value: { ...kept.value, more: null } },
        { ...kept, value: { minutes: 1 } },
        { ...kept, value: { learnerId: idOf(9_003), minutes: '1' } },
      ],
    };
    const hashes = Object.entries(others).flatMap(([field, values]) =>
      values.map((value) => leafOf(digest, school, { ...anEvent(1), [field]: value })),
    );
    const all = [leafOf(digest, school, anEvent(1)), leafOf(digest, idOf(6), anEvent(1)), ...hashes];
    expect(new Set(all).size).toBe(all.length);
  });

  it('does not depend on the order of the fields of its details', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned)).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('stays when the details are erased, and then tells nothing of them to who tries them out', () => {
    const event = anEvent(1);
    const erased = { ...event, details: { kind: 'erased', hash: detailsHash(digest, event.details) } as const };
    expect(leafOf(digest, school, erased)).toBe(leafOf(digest, school, event));
    const guess = { kind: 'kept', salt: idOf(1), value: { learnerId: idOf(9_003), minutes: 1 } } as const;
    expect(detailsHash(digest, guess)).not.toBe(erased.details.hash);
  });
});

describe('the hash of a seal', () => {
  it('is another one for everything in it that is another', () => {
    const [, seal] = chainOf([2, 3]).seals;
    const others: Required<{ [Field in keyof Omit<AuditSeal, 'hash'>]: AuditSeal[Field] }> = {
      number: 3,
      firstSequence: 2,
      lastSequence: 6,
      leaves: seal!.leaves.toReversed(),
      previousHash: '1'.repeat(64),
      sealedAt: new Date(at.getTime() + 99),
    };
    const hashes = Object.entries(others).map(([field, value]) =>
      sealHash(digest, school, { ...seal!, [field]: value }),
    );
    const all = [seal!.hash, sealHash(digest, idOf(6), seal!), ...hashes];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a chain', () => {
  const chain = chainOf([2, 1, 4]);

  it('holds as it was made, with details erased, too', () => {
    expect(firstFault(chain)).toBeNull();
    const events = chain.events.map((event) => ({
      ...event,
      details: { kind: 'erased', hash: detailsHash(digest, event.details) } as const,
    }));
    expect(firstFault({ ...chain, events })).toBeNull();
  });

  const at5 = { seal: 3, sequence: 5, eventId: idOf(5) };
  const faults: [string, Chain, AuditFault][] = [
    [
      'an event that was changed',
      { ...chain, events: chain.events.map((event) => (event.sequence === 5 ? { ...event, action: 'x' } : event)) },
      { kind: 'event-changed', ...at5 },
    ],
    [
      'an event that was erased with another hash',
      {
        ...chain,
        events: chain.events.map((event) =>
          event.sequence === 5 ? { ...event, details: { kind: 'erased', hash: '0'.repeat(64) } as const } : event,
        ),
      },
      { kind: 'event-changed', ...at5 },
    ],
    [
      'an event that is missing',
      { ...chain, events: chain.events.filter(({ sequence }) => sequence !== 5) },
      { kind: 'event-missing', seal: 3, sequence: 5 },
    ],
    [
      'an event that was inserted beside another',
      { ...chain, events: [...chain.events, { ...anEvent(77), sequence: 5 }] },
      { kind: 'event-inserted', ...at5, eventId: idOf(77) },
    ],
    [
      'an event that is there twice',
      { ...chain, events: [...chain.events, chain.events[4]!] },
      { kind: 'event-inserted', ...at5 },
    ],
    [
      'events that changed places',
      {
        ...chain,
        events: chain.events.map((event) =>
          event.sequence === 4 || event.sequence === 7 ? { ...event, sequence: 11 - event.sequence } : event,
        ),
      },
      { kind: 'event-reordered', seal: 3, sequence: 4, eventId: idOf(7) },
    ],
    [
      'a seal that was changed',
      { ...chain, seals: chain.seals.map((seal) => (seal.number === 2 ? { ...seal, sealedAt: new Date(0) } : seal)) },
      { kind: 'seal-changed', seal: 2 },
    ],
    [
      'a seal that is missing',
      { ...chain, seals: chain.seals.filter(({ number }) => number !== 2) },
      { kind: 'seal-missing', seal: 2 },
    ],
    [
      'a seal that was made anew, with all that it covers',
      {
        events: chain.events.map((event) => (event.sequence === 3 ? { ...anEvent(78), sequence: 3 } : event)),
        seals: chain.seals.map((seal) =>
          seal.number === 2 ? sealEvents(digest, school, chain.seals[0]!, [anEvent(78)], at) : seal,
        ),
      },
      { kind: 'seal-unlinked', seal: 3 },
    ],
  ];
  it.each(faults)('tells of %s', (_, changed, fault) => {
    expect(firstFault(changed)).toEqual(fault);
  });

  /** Ways to tamper with a chain of at least two events, each at a place that chance names. */
  const tamperings: Record<string, (chain: Chain, place: number, other: number) => Chain> = {
    'changes an event': ({ seals, events }, place) => ({
      seals,
      events: events.map((event, index) => (index === place ? { ...event, objectId: idOf(5_555) } : event)),
    }),
    'removes an event': ({ seals, events }, place) => ({ seals, events: events.toSpliced(place, 1) }),
    'removes an event and closes the gap': ({ seals, events }, place) => ({
      seals,
      events: events.toSpliced(place, 1).map((event, index) => ({ ...event, sequence: index + 1 })),
    }),
    'inserts an event and moves the others on': ({ seals, events }, place) => ({
      seals,
      events: events
        .toSpliced(place, 0, { ...anEvent(5_555), sequence: 0 })
        .map((event, index) => ({ ...event, sequence: index + 1 })),
    }),
    'swaps two events': ({ seals, events }, place, other) => ({
      seals,
      events: events.map((event) => {
        const [one, two] = [place + 1, other + 1];
        const sequence = event.sequence === one ? two : event.sequence === two ? one : event.sequence;
        return { ...event, sequence };
      }),
    }),
    'removes a seal before the last, and its events': ({ seals, events }, place) => {
      const gone = seals[place % (seals.length - 1)]!;
      return {
        seals: seals.filter((seal) => seal !== gone),
        events: events.filter(({ sequence }) => sequence < gone.firstSequence || sequence > gone.lastSequence),
      };
    },
  };

  it('tells of any one change, removal, insertion or swap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 6 }),
        fc.constantFrom(...Object.values(tamperings)),
        fc.nat(),
        fc.nat(),
        (sizes, tamper, one, two) => {
          const whole = chainOf(sizes);
          const place = one % whole.events.length;
          const other = (place + 1 + (two % (whole.events.length - 1))) % whole.events.length;
          const changed = tamper(whole, place, other);
          expect(firstFault(whole)).toBeNull();
          expect(firstFault(changed)).not.toBeNull();
        },
      ),
    );
  });
});
