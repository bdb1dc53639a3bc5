import { describe, expect, it } from 'vitest';
import { blendshapeNames, sampleMeasures } from '#libs/kernel';
import { channelOf, windowChannels, windowMs, windowShape } from './window.js';

describe('the channels of a window', () => {
  it('are 76, each with a name of its own, where the table says', () => {
    expect(windowChannels).toHaveLength(windowShape.channels);
    expect(new Set(windowChannels.map(({ name }) => name)).size).toBe(windowShape.channels);
    const places = {
      present: 0,
      face: 1,
      q: 2,
      hasBlendshapes: 3,
      hasPose: 4,
      'bs._neutral': 5,
      'bs.noseSneerRight': 56,
      'pose.yaw': 57,
      'pose.tx': 60,
      'gaze.h': 63,
      'eye.blink': 66,
      'hands.seen': 68,
      'body.tilt': 72,
      'body.width': 75,
    };
    for (const [name, place] of Object.entries(places)) expect(channelOf(name)).toBe(place);
    expect(() => channelOf('emotion')).toThrow(RangeError);
  });

  it('are all that a sample measures', () => {
    for (const [group, measures] of Object.entries(sampleMeasures)) {
      const columns = windowChannels.filter(({ part }) => part === group);
      expect(columns.map(({ name }) => name)).toEqual(measures.map(({ name }) => `${group}.${name}`));
      columns.forEach(({ scale, offset, low, high }) => {
        expect(scale).toBeGreaterThan(0);
        expect(low).toBeLessThan(high);
        expect([offset, low, high].every((number) => Math.abs(number) <= 2)).toBe(true);
      });
    }
    expect(windowChannels.filter(({ part }) => part === 'bs')).toHaveLength(blendshapeNames.length);
  });

  it('have a mirror each, that has them for its mirror', () => {
    windowChannels.forEach(({ mirror }, place) => {
      expect(windowChannels[mirror.channel]!.mirror).toEqual({ channel: place, sign: mirror.sign });
    });
    expect(windowChannels[channelOf('bs.mouthLeft')]!.mirror.channel).toBe(channelOf('bs.mouthRight'));
    expect(windowChannels[channelOf('pose.yaw')]!.mirror).toEqual({ channel: channelOf('pose.yaw'), sign: -1 });
  });
});

it('is ten seconds long, and made of whole steps', () => {
  expect(windowMs).toBe(10_000);
  expect(windowShape.hopMs % windowShape.stepMs).toBe(0);
  expect(windowShape.holdMs % windowShape.stepMs).toBe(0);
});
