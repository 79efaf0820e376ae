/**
 * The conversation as contents: user and model alternate, user content comes first and last, and
 * user content is in one message with the tool results before it.
 */
import type { Report } from '../../../anthropic/report.ts'
import { append } from '../../../platform/append.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { Turn } from '../../shared/conversation/turns.ts'
import type { GeminiQuirks } from '../quirks.ts'
import type { GeminiContent, ModelPart, UserPart } from '../wire.ts'
import type { CallIds } from './model-parts.ts'
import { toModelParts } from './model-parts.ts'
import { toResultParts, toUserParts } from './user-parts.ts'

/**
 * What the translation of a conversation needs: the target, the report, and the path of the last message.
 */
export interface ContentsContext {
  target: DialectTarget<GeminiQuirks>
  report: Report
  /** Path of the client's last message. */
  lastPath: string
}

/** The user message in front of a conversation that begins with an assistant turn. */
const beginning = '(beginning of the conversation left out)'

/** Translates the turns of a conversation to contents. */
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
        addModel(contents, toModelParts(turn.content, target, { ids, report: context.report }))
        break
    }
  }
  return toPrefill(contents, context)
}

function addUser(contents: GeminiContent[], parts: readonly UserPart[]): void {
  const last = contents.at(-1)
  if (last?.role === 'user') {
    append(last.parts, parts)
  } else {
    contents.push({ role: 'user', parts: [...parts] })
  }
}

function addModel(contents: GeminiContent[], parts: readonly ModelPart[]): void {
  const last = contents.at(-1)
  if (last?.role === 'model') {
    append(last.parts, parts)
    return
  }
  if (last === undefined) {
    addUser(contents, [{ text: beginning }])
  }
  contents.push({ role: 'model', parts: [...parts] })
}

/** Handles a conversation that ends with an assistant turn (prefill). */
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
