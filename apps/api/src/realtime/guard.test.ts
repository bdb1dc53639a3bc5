import { describe, expect, it } from 'vitest';
import { socketLimits } from '#libs/contracts';
import { SocketGuard } from './guard.js';

describe('SocketGuard', () => {
  it('lets a burst through, then as many a second as the rate allows', () => {
    const guard = new SocketGuard(0);
    const tryAt = (now: number): boolean => {
      const refused = guard.enter(now, 10);
      if (refused === null) guard.leave();
      return refused === null;
    };
    let let_in = 0;
    for (let i = 0; i < socketLimits.burst * 2; i++) if (tryAt(0)) let_in++;
    expect(let_in).toBe(socketLimits.burst);
    let later = 0;
    for (let i = 0; i < socketLimits.requestsPerSecond * 2; i++) if (tryAt(1000)) later++;
    expect(later).toBe(socketLimits.requestsPerSecond);
  });

  it('bounds requests that wait for an answer, and messages by size', () => {
    const guard = new SocketGuard(0);
    for (let i = 0; i < socketLimits.backlog; i++) expect(guard.enter(0, 10)).toBeNull();
    expect(guard.enter(0, 10)).toMatchObject({ code: 'RATE_LIMITED' });
    guard.leave();
    expect(guard.enter(0, socketLimits.messageBytes + 1)).toMatchObject({ code: 'TOO_LARGE' });
    expect(guard.enter(0, socketLimits.messageBytes)).toBeNull();
  });

  it('is spent by somebody who goes on against the limits, and forgives after a minute', () => {
    const guard = new SocketGuard(0);
    for (let i = 1; i < socketLimits.strikes; i++) guard.enter(0, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(false);
    guard.enter(61_000, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(false);
    for (let i = 1; i < socketLimits.strikes; i++) guard.enter(61_001, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(true);
  });
});
