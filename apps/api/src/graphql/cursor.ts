import { isId, type TimeKey } from '#libs/kernel';

/** How the keys of a list are written into cursors, which clients only hand back. */
export interface CursorKind<Key> {
  write(key: Key): string;
  /** Null for what is no key of such a list. */
  read(text: string): Key | null;
}

/** Lists by id. */
export const byId: CursorKind<string> = {
  write: (id) => id,
  read: (text) => (isId(text) ? text : null),
};

/** Lists by a small whole number. */
export const byNumber: CursorKind<number> = {
  write: String,
  read: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null),
};

/** Lists by value, as they were at a time; the id tells apart what is worth the same. */
export const byValue: CursorKind<{ readonly at: Date; readonly value: number; readonly id: string }> = {
  write: ({ at, value, id }) => `${at.toISOString()}/${value}/${id}`,
  read: (text) => {
    const [time = '', number = '', id = ''] = text.split('/');
    const [at, value] = [new Date(time), Number(number)];
    if (Number.isNaN(at.getTime()) || !Number.isFinite(value) || !isId(id)) return null;
    return text === byValue.write({ at, value, id }) ? { at, value, id } : null;
  },
};

/** Lists by time, where the id tells apart what happened at once. */
export const byTime: CursorKind<TimeKey> = {
  write: ({ at, id }) => `${at.toISOString()}/${id}`,
  read: (text) => {
    const [time = '', id = ''] = text.split('/');
    const at = new Date(time);
    if (Number.isNaN(at.getTime()) || !isId(id)) return null;
    return text === byTime.write({ at, id }) ? { at, id } : null;
  },
};
