import { describe, expect, it } from 'vitest';
import { sniffPicture } from './sniff-picture.js';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

describe('what a file is by its first bytes', () => {
  it.each([
    ['image/png', '\x89PNG\r\n\x1a\n\0\0\0\rIHDR'],
    ['image/jpeg', '\xff\xd8\xff\xe0\0\x10JFIF'],
    ['image/webp', 'RIFF\x24\0\0\0WEBPVP8 '],
  ])('%s', (type, start) => {
    expect(sniffPicture(bytes(start))).toBe(type);
  });

  it.each([
    '',
    'RIFF',
    'RIFF\x24\0\0\0WAVEfmt ',
    '<svg xmlns="">',
    'GIF89a',
    '\x89PNG',
    '\xff\xd8',
    ' \x89PNG\r\n\x1a\n',
  ])('nothing that is shown: %j', (start) => {
    expect(sniffPicture(bytes(start))).toBeNull();
  });
});
