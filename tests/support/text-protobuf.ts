/** A protocol buffer in text form: for each field its values, in order. */
export interface TextMessage {
  readonly [field: string]: readonly TextValue[];
}

export type TextValue = string | number | TextMessage;

/**
 * Reads a protocol buffer in text form, as far as fixtures need it: `field: value` and `field { … }`, numbers, words,
 * texts in quotes, comments. Throws a `SyntaxError` for anything else.
 */
export function parseTextProtobuf(text: string): TextMessage {
  const tokens = text.replace(/#.*$/gm, '').match(/"(?:[^"\\]|\\.)*"|[{}:]|[^\s{}:"]+/g) ?? [];
  let next = 0;
  const message = (end: string | undefined): TextMessage => {
    const fields: Record<string, TextValue[]> = {};
    for (let name = tokens[next++]; name !== end; name = tokens[next++]) {
      if (name === undefined || !/^\w+$/.test(name)) throw new SyntaxError(`A field was expected, not ${name}.`);
      if (tokens[next] === ':') next++;
      const value = tokens[next++];
      if (value === undefined) throw new SyntaxError(`${name} has no value.`);
      (fields[name] ??= []).push(value === '{' ? message('}') : scalar(value));
    }
    return fields;
  };
  return message(undefined);
}

function scalar(token: string): string | number {
  if (token.startsWith('"')) return JSON.parse(token) as string;
  const number = Number(token);
  return Number.isNaN(number) ? token : number;
}
