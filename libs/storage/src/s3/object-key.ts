import { isId } from '#libs/kernel';

/** Where things of one kind lie in the bucket, of one institution. @throws for what is no id */
export function folderOf(kind: string, institutionId: string): string {
  if (!isId(institutionId)) throw new Error('Not the name of an institution.');
  return `${kind}/${institutionId}/`;
}

/** The key of an object. @throws for what is no digest */
export function keyOf(kind: string, institutionId: string, sha256: string, ending = ''): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not the name of a stored file.');
  return `${folderOf(kind, institutionId)}${sha256}${ending}`;
}
