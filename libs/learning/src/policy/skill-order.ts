/** Finds a circle in prerequisites, as the ids along it; null when there is none. Depth-first search, O(skills + links). */
export function findCycle(
  skills: readonly { readonly id: string; readonly prerequisiteIds: readonly string[] }[],
): string[] | null {
  const prerequisites = new Map(skills.map(({ id, prerequisiteIds }) => [id, prerequisiteIds]));
  const done = new Set<string>();
  for (const { id: root } of skills) {
    if (done.has(root)) continue;
    const path: string[] = [];
    const onPath = new Set<string>();
    const stack: { id: string; next: number }[] = [{ id: root, next: 0 }];
    path.push(root);
    onPath.add(root);
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      const wanted = prerequisites.get(frame.id)?.[frame.next++];
      if (wanted === undefined) {
        done.add(frame.id);
        onPath.delete(frame.id);
        path.pop();
        stack.pop();
      } else if (onPath.has(wanted)) {
        return [...path.slice(path.indexOf(wanted)), wanted];
      } else if (!done.has(wanted)) {
        stack.push({ id: wanted, next: 0 });
        path.push(wanted);
        onPath.add(wanted);
      }
    }
  }
  return null;
}
