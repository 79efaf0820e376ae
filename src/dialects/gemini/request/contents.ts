/**
 * The conversation as contents: user and model take turns, the user begins and has the last word, and
 * a user's message joins the results of the tools before it.
 */
import type { Report } from '../../../anthropic/report.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { GeminiContent, ModelPart, UserPart } from '../wire.ts'
import type { CallIds } from './model-parts.ts'
import { toModelParts } from './model-parts.ts'
import { toResultParts, toUserParts } from './user-parts.ts'

export interface ContentsContext {
  target: DialectTarget<GeminiQuirks>
  report: Report
  /** Path of the client's last message. */
  lastPath: string
}

/** Stands before a conversation that begins with an answer. */
const beginning = '(beginning of the conversation left out)'

export function toContents(turns: readonly Turn[], context: ContentsContext): GeminiContent[] {
  const { target } = context
  const contents: GeminiContent[] = []
  const ids: CallIds = new Map()
  for (const turn of turns) {
    switch (turn.role) {
      case 'user':
        addUser(contents, toUserParts(turn.content))
        break
      case 'system':
        addUser(contents, [{ text: `<system-reminder>\n${turn.text}\n</system-reminder>` }])
        break
      case 'results':
        addUser(
          contents,
          toResultParts(turn.results, target.quirks, (id) => ids.get(id) ?? id),
        )
        break
      case 'assistant':
        addModel(contents, toModelParts(turn.content, target, ids))
        break
    }
  }
  return toPrefill(contents, context)
}

function addUser(contents: GeminiContent[], parts: readonly UserPart[]): void {
  const last = contents.at(-1)
  if (last?.role === 'user') {
    last.parts.push(...parts)
  } else {
    contents.push({ role: 'user', parts: [...parts] })
  }
}

function addModel(contents: GeminiContent[], parts: readonly ModelPart[]): void {
  const last = contents.at(-1)
  if (last?.role === 'model') {
    last.parts.push(...parts)
    return
  }
  if (last === undefined) {
    addUser(contents, [{ text: beginning }])
  }
  contents.push({ role: 'model', parts: [...parts] })
}

/** A conversation that ends with an answer that the client began. */
function toPrefill(
  contents: readonly GeminiContent[],
  { target, report, lastPath }: ContentsContext,
): GeminiContent[] {
  if (contents.at(-1)?.role !== 'model' || target.quirks.prefill === 'native') {
    return [...contents]
  }
  report.map(lastPath, 'user: Continue.')
  return [...contents, { role: 'user', parts: [{ text: 'Continue.' }] }]
}
