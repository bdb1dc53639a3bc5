import { windowChannels, windowShape } from '../model/window.js';

/** The window that the same 10 s give in a mirror: left and right change places. Twice, it is the window itself. */
export function mirrorWindow(features: Float32Array): Float32Array {
  return features.map((_, place) => {
    const column = place % windowShape.channels;
    const { channel, sign } = windowChannels[column]!.mirror;
    // 0 stays 0: −0 is another number for those who compare.
    return features[place - column + channel]! * sign + 0;
  });
}
