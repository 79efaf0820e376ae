/**
 * The advisor: another model of the catalog reads the conversation, and its advice is what the model that called it
 * continues with (https://platform.claude.com/docs/en/agents-and-tools/tool-use/advisor-tool).
 */
import * as z from 'zod/mini'

import type { AdvisorError, ServerResultBlock } from '../../anthropic/answer/wire/server-tools.ts'
import { toErrorReply } from '../../anthropic/error-reply.ts'
import type { Failure } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asString, isObject } from '../../anthropic/json.ts'
import type { Report } from '../../anthropic/report.ts'
import { parseRequest } from '../../anthropic/request/request.ts'
import { reportEntry, toFunction } from '../definition.ts'
import { forAnyModel } from '../history/for-any-model.ts'
import { toErrorResult, toFreeRun } from '../result.ts'
import type { RefusalReason, Run, RunContext, ServerCall, ServerTool } from '../tool.ts'
import { toTranscript } from './transcript.ts'

/** The most output tokens for a client that sets none. */
const defaultMaxTokens = 4096

const count = z.int('Input should be a valid integer').check(z.gte(1))
const entrySchema = z.object({
  model: z.string().check(z.minLength(1)),
  max_tokens: z.nullish(count),
  max_uses: z.nullish(count),
  caching: z.nullish(
    z.object({ type: z.literal('ephemeral'), ttl: z.nullish(z.enum(['5m', '1h'])) }),
  ),
})
type Entry = z.infer<typeof entrySchema>

const system =
  'You advise another model that works on a task. You read all that it has read and written so far; you have no tools, and do not write to its user. ' +
  'Answer with what it needs to go on well: a plan, a correction, what it has overlooked, or that it is done. Be specific, name files, steps and checks, and keep it short.'

/** The server tool `advisor`. */
export class Advisor implements ServerTool {
  readonly name = 'advisor'
  readonly select = undefined
  readonly price = 0
  readonly definition: JsonObject
  readonly #tool: JsonObject
  readonly #entry: Entry

  /** `tool`: the client's entry, at `path`. Throws a GatewayError `invalid_request` for one that is not valid. */
  constructor({ tool, path }: { tool: JsonObject; path: string }) {
    this.#tool = tool
    this.#entry = parseRequest(entrySchema, tool, path)
    this.definition = toFunction(offered, {}, tool)
  }

  report(path: string, report: Report): void {
    reportEntry(this.#tool, path, this.#entry.model, report)
  }

  async run({ id }: ServerCall, { ask, json, messages }: RunContext): Promise<Run> {
    const advice = await ask(this.#toQuestion(json, messages))
    if ('failure' in advice) {
      const code = toErrorCode(advice.failure)
      return toFreeRun(toErrorResult('advisor', id, code), `advisor: ${code}`)
    }
    const { text, reason } = readAdvice(advice.message)
    return text === ''
      ? toFreeRun(toErrorResult('advisor', id, 'unavailable'), 'advisor: no text')
      : toFreeRun({
          type: 'advisor_tool_result',
          tool_use_id: id,
          content: { type: 'advisor_result', text, stop_reason: reason },
        })
  }

  refuse({ id }: ServerCall, reason: RefusalReason): ServerResultBlock {
    return toErrorResult('advisor', id, reason === 'invalid_tool_input' ? 'unavailable' : reason)
  }

  #toQuestion(json: JsonObject, messages: readonly unknown[]): JsonObject {
    const { model, max_tokens: limit, caching } = this.#entry
    const { inference_geo } = json
    const transcript = toTranscript(json, forAnyModel(messages).messages)
    const last = transcript.at(-1)
    // What follows is the same text each time, but not at the same place.
    const cached = caching && last ? [{ ...last, cache_control: caching }] : transcript.slice(-1)
    return {
      model,
      max_tokens: limit ?? defaultMaxTokens,
      system,
      ...(inference_geo === undefined ? {} : { inference_geo }),
      messages: [
        {
          role: 'user',
          content: [...transcript.slice(0, -1), ...cached, { type: 'text', text: toEnd(limit) }],
        },
      ],
    }
  }
}

function toEnd(limit: number | null | undefined): string {
  const end = 'That is the conversation so far. What do you advise?'
  return typeof limit === 'number'
    ? `${end} Your answer, with all reasoning, must not exceed ${limit} tokens.`
    : end
}

function readAdvice(message: JsonObject): { text: string; reason: string | null } {
  const text = asArray(message['content'])
    .filter(isObject)
    .flatMap((block) => asString(block['text']) ?? [])
    .join('')
    .trim()
  return { text, reason: asString(message['stop_reason']) ?? null }
}

/** Anthropic's code for the error that a client of the advisor's model would have received. */
function toErrorCode(failure: Failure): AdvisorError {
  // The question is withdrawn after its time.
  if (failure.kind === 'client_disconnected') {
    return 'execution_time_exceeded'
  }
  const { type, message } = toErrorReply(failure)
  return message.startsWith('prompt is too long')
    ? 'prompt_too_long'
    : (codes[type] ?? 'unavailable')
}

const codes: Partial<Record<string, AdvisorError>> = {
  rate_limit_error: 'too_many_requests',
  billing_error: 'too_many_requests',
  overloaded_error: 'overloaded',
  timeout_error: 'execution_time_exceeded',
  request_too_large: 'prompt_too_long',
  not_found_error: 'model_not_found',
  permission_error: 'model_not_found',
}

const offered = {
  name: 'advisor',
  description:
    'Asks a stronger model, which reads the whole conversation, for advice. It takes no arguments. Use it before you commit to a plan for something hard, when you are stuck, and before you say that a long task is done.',
}
