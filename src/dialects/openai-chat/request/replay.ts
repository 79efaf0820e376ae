/**
 * Reasoning of the history. Each thinking block's signature contains which fields its text and
 * state came from (see reasoning.ts for the forms); the same provider gets them in the same fields,
 * another one only the text, and only if it accepts that.
 */
import { asString, isObject } from '../../../anthropic/json.ts'
import type { JsonObject } from '../../../anthropic/json.ts'
import type { Report } from '../../../anthropic/report.ts'
import { readSignature } from '../../../anthropic/signature.ts'
import type { DialectTarget } from '../../dialect.ts'
import type { HistoryCall, TextOrThinking } from '../../shared/conversation/read-messages.ts'
import { omitKeys } from '../../shared/schema/schema-walk.ts'
import { ignoreThinking } from '../../shared/thinking/ignore-thinking.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { VendorThinkingPart } from '../wire.ts'

/**
 * The reasoning of one assistant turn, in each place where a server may take it: message fields, fields of
 * calls, parts, and text before the content.
 */
export interface Replay {
  /** Fields of the assistant message. */
  fields: JsonObject
  /** Fields of tool calls by the client's id. */
  callFields: ReadonlyMap<string, JsonObject>
  /** Content parts before the content. */
  parts: VendorThinkingPart[]
  /** Text before the content. */
  prefix: string
}

interface Draft extends Replay {
  callFields: Map<string, JsonObject>
}

type Thinking = Extract<TextOrThinking, { type: 'thinking' }>

/** The fields that a thinking block came from, as far as this provider may receive them. */
interface Origin {
  field: string
  state: unknown
}

/** The thinking of an assistant turn that the upstream receives. */
export function toReplay(
  content: readonly (TextOrThinking | HistoryCall)[],
  target: DialectTarget<ChatQuirks>,
  { isThinking, report }: { isThinking: boolean; report: Report },
): Replay {
  const draft: Draft = { fields: {}, callFields: new Map(), parts: [], prefix: '' }
  const { quirks } = target
  const hasCalls = content.some((item) => item.type === 'call')
  const isWanted = quirks.replay === 'always' || (quirks.replay === 'tool_calls' && hasCalls)
  const calls = content.some((item) => item.type === 'thinking') ? nextCalls(content) : []
  for (const [index, item] of content.entries()) {
    if (item.type !== 'thinking') {
      continue
    }
    const origin = isWanted ? toOrigin(item, target) : undefined
    if (origin === undefined) {
      ignoreThinking(report)
    } else {
      add(draft, item, origin, calls[index])
    }
  }
  if (hasCalls && isThinking && isEmpty(draft)) {
    addDefaultReasoning(draft, quirks)
  }
  addDefaultCallState(draft, content, quirks)
  return draft
}

function addDefaultCallState(
  { callFields }: Draft,
  content: readonly (TextOrThinking | HistoryCall)[],
  { call_state_lost: lost }: ChatQuirks,
): void {
  const first = content.find((item) => item.type === 'call')
  if (first !== undefined && callFields.size === 0 && Object.keys(lost).length > 0) {
    callFields.set(first.id, lost)
  }
}

function addDefaultReasoning(
  draft: Draft,
  { replay_lost: lost, replay_field: field }: ChatQuirks,
): void {
  if (lost !== null && field !== 'think_tags') {
    draft.fields[field] = lost
  }
}

function isEmpty({ fields, parts, prefix }: Draft): boolean {
  return Object.keys(fields).length === 0 && parts.length === 0 && prefix === ''
}

/**
 * The origin of a thinking block; undefined if it must not be sent: Anthropic's own, damaged, or
 * foreign and not accepted.
 */
function toOrigin({ signature }: Thinking, target: DialectTarget<ChatQuirks>): Origin | undefined {
  const origin = readSignature(signature)
  if (origin === undefined) {
    return undefined
  }
  const isOwn = origin.d === 'openai-chat' && origin.p === target.provider
  if (isOwn && target.quirks.replay_field === 'think_tags') {
    return { field: 'think_tags', state: undefined }
  }
  if (isOwn && origin.m === target.model) {
    return { field: origin.f, state: origin.s }
  }
  // State is bound to its model; text is not.
  if (isOwn && textHomes.has(origin.f)) {
    return { field: origin.f, state: undefined }
  }
  return isOwn || target.quirks.replay_foreign
    ? { field: target.quirks.replay_field, state: undefined }
    : undefined
}

/** Fields whose value is only the text. */
const textHomes = new Set([
  'reasoning_content',
  'reasoning',
  'reasoning_text',
  'content',
  'think_tags',
])

/**
 * Returns for each item the id of the call that follows it, or of the one before it if none
 * follows.
 */
function nextCalls(content: readonly (TextOrThinking | HistoryCall)[]): (string | undefined)[] {
  let next = content.findLast((item) => item.type === 'call')?.id
  return content
    .toReversed()
    .map((item) => {
      next = item.type === 'call' ? item.id : next
      return next
    })
    .toReversed()
}

function add(
  draft: Draft,
  { text }: Thinking,
  { field, state }: Origin,
  call: string | undefined,
): void {
  switch (field) {
    case 'reasoning_details':
      addDetails(draft, text, state)
      break
    case 'reasoning_content':
    case 'reasoning':
    case 'reasoning_text':
      addText(draft, field, text)
      Object.assign(draft.fields, stateFields(state))
      break
    case 'message':
      Object.assign(draft.fields, stateFields(state))
      break
    case 'tool_calls':
      if (call !== undefined) {
        draft.callFields.set(call, { ...draft.callFields.get(call), ...stateFields(state) })
      }
      break
    case 'content':
      draft.parts.push(toPart(text, state))
      break
    case 'think_tags':
      draft.prefix += text === '' ? '' : `<think>\n${text}\n</think>\n\n`
      break
    default:
  }
}

/** Appends text to a field: blocks of one message concatenate to the upstream's text. */
function addText({ fields }: Draft, field: string, text: string): void {
  if (text !== '') {
    fields[field] = (asString(fields[field]) ?? '') + text
  }
}

/**
 * Sets the reasoning details: each signature has all details of its message so far, so the last one
 * wins.
 */
function addDetails(draft: Draft, text: string, state: unknown): void {
  if (!Array.isArray(state)) {
    return
  }
  draft.fields['reasoning_details'] = state
  const holdsText = state.some(
    (detail) => isObject(detail) && detail['type'] !== 'reasoning.encrypted',
  )
  if (!holdsText) {
    addText(draft, 'reasoning', text)
  }
}

/**
 * Fields of messages and calls that a signature must not set, since clients can change signatures.
 */
const reserved = new Set([
  'role',
  'content',
  'name',
  'tool_calls',
  'tool_call_id',
  'id',
  'type',
  'function',
])

function stateFields(state: unknown): JsonObject {
  return isObject(state) ? omitKeys(state, reserved) : {}
}

function toPart(text: string, state: unknown): VendorThinkingPart {
  if (!isObject(state) || state['type'] !== 'reasoning') {
    return { type: 'thinking', thinking: [{ type: 'text', text }] }
  }
  const signature = asString(state['signature'])
  return {
    type: 'reasoning',
    summary: [{ type: 'summary_text', text, ...(signature === undefined ? {} : { signature }) }],
  }
}
