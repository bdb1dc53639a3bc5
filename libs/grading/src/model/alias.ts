/** How an alias is called: its last six digits, which are random. */
export function labelOfAlias(alias: string): string {
  return `Learner ${alias.slice(-6).toUpperCase()}`;
}
