/** A gateway with batches; tests run the slices in place of the queue's consumer. */
import type {
  BatchCreateParams,
  MessageBatchResult,
} from '@anthropic-ai/sdk/resources/messages/batches'
import { env, runInDurableObject } from 'cloudflare:test'
import { expect } from 'vitest'

import type { HarnessOptions } from '../../support/app.ts'
import type { StoredHarness } from '../../support/stored.ts'
import { createStored } from '../../support/stored.ts'

const price = { input: 1, output: 10 }
const catalog = {
  version: 1,
  providers: {
    up: {
      dialect: 'openai-chat',
      base_url: 'http://up.test/v1',
      secret: null,
      stream_plain: false,
    },
  },
  models: [{ id: 'm', targets: [{ provider: 'up', model: 'up' }], price }],
}

const usage = { prompt_tokens: 10, completion_tokens: 5 }

/** Repeats the prompt. */
export async function echo(request: Request): Promise<Response> {
  const { messages } = await request.json<{ messages: { content: string }[] }>()
  const content = messages.at(-1)?.content
  return Response.json({ choices: [{ message: { content }, finish_reason: 'stop' }], usage })
}

export function gateway(options: HarnessOptions & { owner?: string } = {}): Promise<StoredHarness> {
  return createStored({ catalog, upstream: echo, ...options })
}

export const item = (custom_id: string, params: object = {}): BatchCreateParams.Request => ({
  custom_id,
  params: {
    model: 'm',
    max_tokens: 9,
    messages: [{ role: 'user', content: custom_id }],
    ...params,
  },
})

export const items = (count: number): ReturnType<typeof item>[] =>
  Array.from({ length: count }, (_, index) => item(`c${index}`))

/** Runs all slices of a batch, one after the other. */
export async function runAll(
  { runSlice, settled }: StoredHarness,
  id: string,
  slices = 1,
): Promise<void> {
  for (let slice = 0; slice < slices; slice++) {
    await runSlice(id, slice)
  }
  await settled()
}

export async function resultsOf(
  { sdk }: StoredHarness,
  id: string,
): Promise<Record<string, MessageBatchResult>> {
  const results: Record<string, MessageBatchResult> = {}
  for await (const { custom_id, result } of await sdk.messages.batches.results(id)) {
    expect(results).not.toHaveProperty(custom_id)
    results[custom_id] = result
  }
  return results
}

/** Changes what the object stores, such as a time. */
export function tamper(id: string, statement: string): Promise<unknown> {
  return runInDurableObject(env.BATCH.getByName(id), (_, { storage: { sql } }) =>
    sql.exec(statement).toArray(),
  )
}

export const setFact = (field: string, value: number): string =>
  `UPDATE facts SET value = json_set(value, '$.${field}', ${value}) WHERE name = 'batch'`
