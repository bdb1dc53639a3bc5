import { makeId } from '#libs/contracts';

/** Makes a UUID version 7 by the Web Crypto of the browser or of Node. */
export function newId(): string {
  return makeId(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
}
