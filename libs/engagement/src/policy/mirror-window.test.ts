import { expect, it } from 'vitest';
import { aSample, aTime } from '../testing/a-sample.js';
import { channelOf } from '../model/window.js';
import { cutWindow } from './cut-window.js';
import { mirrorWindow } from './mirror-window.js';
import { SampleRing } from './sample-ring.js';

it('changes left and right of a window, and nothing else', () => {
  const ring = new SampleRing();
  ring.add(aSample(aTime), aTime);
  const { features } = cutWindow(ring, aTime);
  const mirrored = mirrorWindow(features);
  const last = features.length - 76;
  for (const name of ['pose.yaw', 'pose.roll', 'pose.tx', 'gaze.h'])
    expect(mirrored[last + channelOf(name)]).toBe(-features[last + channelOf(name)]!);
  for (const name of ['pose.pitch', 'gaze.v', 'q', 'bs.jawOpen'])
    expect(mirrored[last + channelOf(name)]).toBe(features[last + channelOf(name)]);
  expect(mirrored[last + channelOf('bs.mouthLeft')]).toBe(features[last + channelOf('bs.mouthRight')]);
  expect(mirrorWindow(mirrored)).toEqual(features);
});
