/** A budget of tokens for the whole task (beta `task-budgets-2026-03-13`), which the model reads as a line. */
import * as z from 'zod/mini'

import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, isObject } from '../../anthropic/json.ts'
import { parseRequest } from '../../anthropic/request/request.ts'

const count = z.int('Input should be a valid integer')
const body = z.object({
  output_config: z.object({
    task_budget: z.object({
      type: z.literal('tokens'),
      total: count.check(z.gte(20_000)),
      remaining: z.nullish(count.check(z.gte(0))),
    }),
  }),
})

/**
 * The messages with the budget at the end of the last one of the user, so that the prompt begins as before; the
 * same value without a budget. Throws a GatewayError `invalid_request` for one that Anthropic refuses.
 */
export function withTaskBudget({ messages, output_config }: JsonObject): unknown {
  if (!isObject(asObject(output_config)?.['task_budget'])) {
    return messages
  }
  const all = asArray(messages)
  const { total, remaining } = parseRequest(body, { output_config }).output_config.task_budget
  const last = all.findLastIndex((message) => asObject(message)?.['role'] === 'user')
  const text = `<task_budget>${remaining ?? total} of ${total} tokens are left for this task, for all that you read, think and write. Finish within them.</task_budget>`
  return all.map((message, index) =>
    index === last && isObject(message) ? withText(message, text) : message,
  )
}

function withText(message: JsonObject, text: string): JsonObject {
  const { content } = message
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : asArray(content)
  return { ...message, content: [...blocks, { type: 'text', text }] }
}
