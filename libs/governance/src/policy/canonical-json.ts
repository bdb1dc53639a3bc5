/**
 * The one text of a JSON value, as RFC 8785 (JSON Canonicalization Scheme) has it: fields in the order of the UTF-16 units of
 * their names, no spaces. A number that JSON cannot say, which only a database can hold, keeps a text of its own.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonicalJson(field)}`).join(',')}}`;
}
