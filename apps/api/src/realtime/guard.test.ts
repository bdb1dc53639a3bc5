import { describe, expect, it } from 'vitest';
import { socketLimits, userLimits } from '#libs/contracts';
import { Allowance, SocketGuard, UserAllowances } from './guard.js';

const aGuard = (): SocketGuard => new SocketGuard(0, new Allowance(userLimits, 0));

describe('SocketGuard', () => {
  it('lets a burst through, then as many a second as the rate allows', () => {
    const guard = aGuard();
    const tryAt = (now: number): boolean => {
      const refused = guard.enter(now, 10);
      if (refused === null) guard.leave();
      return refused === null;
    };
    let atOnce = 0;
    for (let i = 0; i < socketLimits.burst * 2; i++) if (tryAt(0)) atOnce++;
    expect(atOnce).toBe(socketLimits.burst);
    let later = 0;
    for (let i = 0; i < socketLimits.requestsPerSecond * 2; i++) if (tryAt(1000)) later++;
    expect(later).toBe(socketLimits.requestsPerSecond);
  });

  it('bounds requests that wait for an answer, and messages by size', () => {
    const guard = aGuard();
    for (let i = 0; i < socketLimits.backlog; i++) expect(guard.enter(0, 10)).toBeNull();
    expect(guard.enter(0, 10)).toMatchObject({ code: 'RATE_LIMITED' });
    guard.leave();
    expect(guard.enter(0, socketLimits.messageBytes + 1)).toMatchObject({ code: 'TOO_LARGE' });
    expect(guard.enter(0, socketLimits.messageBytes)).toBeNull();
  });

  it('is spent by somebody who goes on against the limits, and forgives after a minute', () => {
    const guard = aGuard();
    for (let i = 1; i < socketLimits.strikes; i++) guard.enter(0, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(false);
    guard.enter(61_000, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(false);
    for (let i = 1; i < socketLimits.strikes; i++) guard.enter(61_001, socketLimits.messageBytes + 1);
    expect(guard.spent).toBe(true);
  });

  it('bounds rate and backlog over all sockets of one user', () => {
    const users = new UserAllowances();
    const guards = Array.from({ length: 10 }, () => new SocketGuard(0, users.take('she', 0)));
    const open = guards.flatMap((guard) => Array.from({ length: 20 }, () => guard.enter(0, 10))).filter((r) => !r);
    expect(open).toHaveLength(userLimits.backlog);
    expect(new SocketGuard(0, users.take('he', 0)).enter(0, 10)).toBeNull();
    const spender = new UserAllowances();
    let answered = 0;
    for (let i = 0; i < 10; i++) {
      const guard = new SocketGuard(0, spender.take('she', 0));
      while (guard.enter(0, 10) === null) {
        guard.leave();
        answered++;
      }
    }
    expect(answered).toBe(userLimits.burst);
  });

  it('forgets a user with her last socket, and not before', () => {
    const users = new UserAllowances();
    const first = users.take('she', 0);
    expect(users.take('she', 0)).toBe(first);
    users.giveBack('she');
    expect(users.size).toBe(1);
    users.giveBack('she');
    expect(users.size).toBe(0);
  });
});
