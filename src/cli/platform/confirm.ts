/** Questions in a terminal that are answered by yes or no. */
import { createInterface } from 'node:readline/promises'

/** Asks; any answer but yes is a no. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await terminal.question(`${question} [y/N] `)
  terminal.close()
  return /^y(?:es)?$/i.test(answer.trim())
}
