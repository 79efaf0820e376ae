/** What a whole text has beyond the deltas that were said of it. Where the two disagree, what was said stands. */
export function unsaid(whole: string, said: string): string {
  return whole.startsWith(said) ? whole.slice(said.length) : ''
}
