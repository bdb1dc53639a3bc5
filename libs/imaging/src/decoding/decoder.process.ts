// The inside of the process that decodes what strangers send. It loads the decoders and nothing else of Attune.
import { isFailure, type Failure } from '#libs/kernel';
import { answerParent } from '#libs/sandbox';
import { cleanPicture } from '../clean-picture.js';
import type { DecodingKind, DecodingRequest, Decodings } from './decodings.js';

const decoders: {
  readonly [K in DecodingKind]: (input: Decodings[K]['input']) => Promise<Decodings[K]['output'] | Failure>;
} = { picture: cleanPicture };

answerParent(async (request) => {
  const { kind, input } = request as DecodingRequest;
  const decoded = await decoders[kind](input);
  return isFailure(decoded) ? decoded : { decoded };
});
