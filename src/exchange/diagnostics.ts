/**
 * Why a provider could not read a prompt from its cache (`diagnostics`): what differs from the request that the
 * client names by its answer's id (https://platform.claude.com/docs/en/build-with-claude/cache-diagnostics).
 */
import type { CacheMissReason, Diagnostics } from '../anthropic/answer/wire/diagnostics.ts'
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject } from '../anthropic/json.ts'
import { sha256 } from '../platform/sha256.ts'
import type { PromptPrint } from './request/prompt-prints.ts'
import type { ClientRequest } from './request/request.ts'
import type { Services } from './request/services.ts'

/**
 * The comparison with the request that is named; null where nothing of that has changed, or none is named.
 * `messageId`: of the answer, by which a later request may name this one.
 */
export async function toDiagnostics(
  { promptPrints }: Services,
  { key, body: { json }, prompt }: ClientRequest,
  messageId: string,
): Promise<Diagnostics | null> {
  const print = await toPrint(json, prompt.estimateInput())
  promptPrints.remember(key.id, messageId, print)
  const id = asObject(json['diagnostics'])?.['previous_message_id']
  if (typeof id !== 'string') {
    return null
  }
  const previous = promptPrints.find(key.id, id)
  const reason =
    previous === undefined
      ? ({ type: 'previous_message_not_found' } as const)
      : await compare(json, print, previous)
  return reason === undefined ? null : { cache_miss_reason: reason }
}

async function toPrint(json: JsonObject, inputTokens: number): Promise<PromptPrint> {
  const { model, speed, system, tools, thinking, tool_choice, output_config } = json
  const messages = asArray(json['messages'])
  return {
    model: await digest([model, speed ?? 'standard']),
    system: await digest(system),
    tools: await digest(tools),
    messages: await digest(messages),
    count: messages.length,
    others: await digest([thinking, tool_choice, output_config]),
    inputTokens,
  }
}

/** Breakpoints of caches are no part of a prompt, and move from turn to turn. */
function digest(value: unknown): Promise<string> {
  const parts = JSON.stringify([value], (key, item: unknown) =>
    key === 'cache_control' ? undefined : item,
  )
  return sha256(parts)
}

async function compare(
  json: JsonObject,
  print: PromptPrint,
  previous: PromptPrint,
): Promise<CacheMissReason | undefined> {
  const missed = { cache_missed_input_tokens: previous.inputTokens }
  if (print.model !== previous.model) {
    return { type: 'model_changed', ...missed }
  }
  if (print.system !== previous.system) {
    return { type: 'system_changed', ...missed }
  }
  if (print.tools !== previous.tools) {
    return { type: 'tools_changed', ...missed }
  }
  const beginning = asArray(json['messages']).slice(0, previous.count)
  if ((await digest(beginning)) !== previous.messages) {
    return { type: 'messages_changed', ...missed }
  }
  return print.others === previous.others ? undefined : { type: 'unavailable' }
}
