/**
 * What a request asks for of compaction: now (`compaction`), or where it is long enough (an edit)
 * (https://platform.claude.com/docs/en/build-with-claude/compaction).
 */
import * as z from 'zod/mini'

import { invalidAt } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../anthropic/json.ts'
import { parseRequest } from '../../anthropic/request/request.ts'
import type { Compact } from '../edits/schema.ts'
import { refuse } from './check-blocks.ts'

/** How a request wants its conversation compacted: from how many tokens on, and with which instructions. */
export interface CompactionRequest {
  /** Input tokens from which on the conversation is summarized; 0 where that is asked for now. */
  triggerTokens: number
  /** The instructions that replace the gateway's own. */
  instructions: string | undefined
  /** Whether the answer is the compaction alone. */
  isAlone: boolean
  /** Whether the block is signed: it then is the first of the next request. */
  isSigned: boolean
}

const defaultTrigger = 150_000

/** The compaction of an edit. */
export function fromEdit({
  trigger,
  instructions,
  pause_after_compaction,
}: Compact): CompactionRequest {
  return {
    triggerTokens: trigger?.value ?? defaultTrigger,
    instructions: toInstructions(instructions),
    isAlone: pause_after_compaction === true,
    isSigned: false,
  }
}

const field = z.object({
  compaction: z.object({
    type: z.literal('summarize'),
    instructions: z.nullish(z.string()),
  }),
})

/** The compaction that the field asks for. Throws a GatewayError `invalid_request` where it cannot be. */
export function fromField(json: JsonObject): CompactionRequest {
  const { compaction } = parseRequest(field, { compaction: json['compaction'] })
  checkAlone(json)
  checkConversation(asArray(json['messages']))
  return {
    triggerTokens: 0,
    instructions: toInstructions(compaction.instructions),
    isAlone: true,
    isSigned: true,
  }
}

/** An instruction that is blank counts as none. */
function toInstructions(text: string | null | undefined): string | undefined {
  return text === undefined || text === null || text.trim() === '' ? undefined : text
}

/** Nothing is written after the block that these fields could shape. */
function checkAlone(json: JsonObject): void {
  const choice = asObject(json['tool_choice'])?.['type']
  const wrong = {
    context_management: asObject(json['context_management']) !== undefined,
    stop_sequences: asArray(json['stop_sequences']).length > 0,
    output_format: asObject(json['output_format']) !== undefined,
    'output_config.format': asObject(asObject(json['output_config'])?.['format']) !== undefined,
    tool_choice: choice === 'any' || choice === 'tool',
  }
  for (const [path, isWrong] of Object.entries(wrong)) {
    if (isWrong) {
      const why = 'may not be combined with `compaction`, whose answer is the summary alone.'
      throw invalidAt(path, why)
    }
  }
}

function checkConversation(messages: readonly unknown[]): void {
  const spoken = messages.filter(
    (message) => isObject(message) && message['role'] !== 'system' && !isEmpty(message['content']),
  )
  const last = asObject(spoken.at(-1))
  if (last === undefined) {
    refuse('nothing_to_summarize', 'messages', 'there is no content to summarize')
  }
  const blocks = last['role'] === 'assistant' ? asArray(last['content']).filter(isObject) : []
  const answered = new Set(blocks.map((block) => block['tool_use_id']))
  const open = blocks.some(({ type, id }) => String(type).endsWith('tool_use') && !answered.has(id))
  if (open) {
    const index = messages.indexOf(last)
    refuse(
      'incomplete_turn',
      `messages.${index}`,
      'the conversation ends with a tool call that has no result',
    )
  }
}

function isEmpty(content: unknown): boolean {
  return content === '' || (Array.isArray(content) && content.length === 0)
}
