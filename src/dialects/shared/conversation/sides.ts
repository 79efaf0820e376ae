/** A conversation for APIs in which user and assistant alternate, and the user is first. */
import type { Report } from '../../../anthropic/report.ts'
import { append } from '../../../platform/append.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { ContentTurn, Turn } from './turns.ts'

/** All that one side says before the other one does. */
export interface Side<Item> {
  role: 'user' | 'assistant'
  items: Item[]
}

/** What the translation of a conversation needs: the target, the report, and the path of the last message. */
export interface SidesContext<Quirks> {
  target: DialectTarget<Quirks>
  report: Report
  /** Path of the client's last message. */
  lastPath: string
}

/** The user message in front of a conversation that begins with an assistant turn. */
const beginning = '(beginning of the conversation left out)'

/**
 * Writes turns as sides: user content is in one with the tool results before it. After a last assistant turn (prefill)
 * that the upstream would not go on with, a user turn asks to.
 */
export function toSides<Item>(
  turns: readonly Turn[],
  toItems: (turn: ContentTurn) => readonly Item[],
  { target, report, lastPath }: SidesContext<{ prefill: string }>,
): Side<Item | { text: string }>[] {
  const sides: Side<Item | { text: string }>[] = []
  const add = (role: Side<Item>['role'], items: readonly (Item | { text: string })[]): void => {
    const last = sides.at(-1)
    if (last?.role === role) {
      append(last.items, items)
    } else {
      sides.push({ role, items: [...items] })
    }
  }
  for (const turn of turns) {
    if (turn.role === 'system') {
      add('user', [{ text: `<system-reminder>\n${turn.text}\n</system-reminder>` }])
    } else if (turn.role === 'assistant') {
      const items = toItems(turn)
      if (sides.length === 0) {
        add('user', [{ text: beginning }])
      }
      add('assistant', items)
    } else {
      add('user', toItems(turn))
    }
  }
  if (sides.at(-1)?.role === 'assistant' && target.quirks.prefill !== 'native') {
    report.map(lastPath, 'user: Continue.')
    add('user', [{ text: 'Continue.' }])
  }
  return sides
}
