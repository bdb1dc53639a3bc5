/** Where the bytes of a labelled image are read. */
export function picturePath({ id }: { readonly id: string }): string {
  return `/training/images/${id}`;
}
