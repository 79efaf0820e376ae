/** Requests for messages, most of them legal. */
import type { Choices } from './choices.ts'
import { schema } from './schemas.ts'
import { name, text } from './texts.ts'

type Json = Record<string, unknown>

/** A request for a model of that name. */
export function conversation(choices: Choices, size: number, model: string): Json {
  const fields = choices.few(4, () => field(choices, size))
  return Object.assign(
    { model, max_tokens: choices.one([64, 1000, 100_000]), messages: messages(choices, size) },
    ...fields,
  )
}

function field(choices: Choices, size: number): Json {
  const format = (): Json => ({ type: 'json_schema', schema: schema(choices, size) })
  return choices.one([
    () => ({ stream: choices.chance(2) }),
    () => ({ tools: tools(choices, size) }),
    () => ({
      tools: tools(choices, size),
      tool_choice: { type: choices.one(['auto', 'any', 'none']) },
    }),
    () => ({
      system: choices.chance(2)
        ? text(choices, size)
        : some(choices, size, () => textBlock(choices, size)),
    }),
    () => ({ stop_sequences: some(choices, size, (index) => name(choices, index, size)) }),
    () => ({ stop_sequences: [text(choices, size), text(choices, size)] }),
    () => ({
      thinking: choices.one([
        { type: 'adaptive' },
        { type: 'enabled', budget_tokens: 1024 },
        { type: 'disabled' },
      ]),
    }),
    () => ({ output_config: { effort: choices.one(['low', 'max']), format: format() } }),
    () => ({ output_format: format() }),
    () => ({ metadata: { user_id: text(choices, size) } }),
    () => ({ temperature: 0.5, top_p: 0.5, top_k: 5 }),
    () => Object.fromEntries(some(choices, size, (index) => [name(choices, index, size), index])),
    () => ({
      context_management: {
        edits: some(choices, size, () => ({ type: 'clear_thinking_20251015' })),
      },
    }),
  ])()
}

function some<Item>(choices: Choices, size: number, make: (index: number) => Item): Item[] {
  return choices.chance(2) ? choices.few(3, make) : choices.many(size, make)
}

function messages(choices: Choices, size: number): Json[] {
  const first = { role: choices.one(['user', 'user', 'system', 'assistant']), content: 'hi' }
  const rest = some(choices, size, (index) => turn(choices, size, index)).flat()
  return [first, ...rest, { role: 'user', content: content(choices, size, 'user', 0) }]
}

function turn(choices: Choices, size: number, index: number): Json[] {
  switch (choices.below(5)) {
    case 0:
      return [{ role: 'user', content: content(choices, size, 'user', index) }]
    case 1:
      return [{ role: 'assistant', content: content(choices, size, 'assistant', index) }]
    case 2:
      return [{ role: 'system', content: content(choices, size, 'system', index) }]
    default:
      return [
        { role: 'assistant', content: content(choices, size, 'assistant', index) },
        { role: 'user', content: content(choices, size, 'user', index) },
      ]
  }
}

function content(choices: Choices, size: number, role: string, outer: number): unknown {
  return choices.chance(4)
    ? text(choices, size)
    : some(choices, size, (index) => block(choices, size, { role, index: outer * 7 + index }))
}

interface Place {
  role: string
  /** Tells the blocks of one repetition apart. */
  index: number
}

function block(choices: Choices, size: number, { role, index }: Place): unknown {
  const id = choices.chance(4) ? 'toolu_1' : `toolu_${index}`
  const ofRole: (() => unknown)[] =
    role === 'assistant'
      ? [
          () => ({
            type: 'tool_use',
            id,
            name: name(choices, index, size),
            input: input(choices, size),
          }),
          () => ({
            type: 'thinking',
            thinking: text(choices, size),
            signature: choices.one(['', 'gw1:', 'abc', text(choices, size)]),
          }),
          () => ({ type: 'redacted_thinking', data: text(choices, size) }),
          () => ({
            type: 'server_tool_use',
            id: `srv${id}`,
            name: 'web_search',
            input: input(choices, size),
          }),
          () => ({
            type: 'web_search_tool_result',
            tool_use_id: `srv${id}`,
            content: some(choices, size, () => ({
              type: 'web_search_result',
              url: 'https://a',
              title: text(choices, size),
            })),
          }),
        ]
      : [
          () => ({
            type: 'tool_result',
            tool_use_id: id,
            content: choices.chance(2)
              ? text(choices, size)
              : some(choices, size, () => part(choices, size)),
          }),
          () => part(choices, size),
          () => ({
            type: 'search_result',
            source: text(choices, size),
            title: text(choices, size),
            content: some(choices, size, () => textBlock(choices, size)),
          }),
        ]
  return choices.chance(3) ? textBlock(choices, size) : choices.one(ofRole)()
}

function part(choices: Choices, size: number): unknown {
  const base64 = {
    type: 'base64',
    media_type: choices.one(['image/png', 'application/pdf', 'text/plain']),
    data: text(choices, size),
  }
  return choices.one([
    () => textBlock(choices, size),
    () => ({
      type: 'image',
      source: choices.one([base64, { type: 'url', url: text(choices, size) }]),
    }),
    () => ({
      type: 'document',
      title: name(choices, 0, size),
      source: choices.one([
        base64,
        { type: 'text', media_type: 'text/plain', data: text(choices, size) },
      ]),
    }),
    () => ({
      type: 'document',
      source: { type: 'content', content: some(choices, size, () => textBlock(choices, size)) },
    }),
    () => ({ type: 'tool_reference', tool_name: name(choices, 0, size) }),
    () => ({ type: 'something_new', value: input(choices, size) }),
  ])()
}

function textBlock(choices: Choices, size: number): Json {
  const cached = choices.chance(4) ? { cache_control: { type: 'ephemeral' } } : {}
  return { type: 'text', text: text(choices, size), ...cached }
}

function input(choices: Choices, size: number): unknown {
  return choices.one([
    () => ({}),
    () => ({ a: text(choices, size) }),
    () => Object.fromEntries(some(choices, size, (index) => [name(choices, index, size), index])),
    () => ({ a: some(choices, size, (index) => ({ [name(choices, index, size)]: [] })) }),
  ])()
}

function tools(choices: Choices, size: number): unknown[] {
  return some(choices, size, (index) =>
    choices.chance(8)
      ? { type: choices.one(['web_search_20250305', 'bash_20250124']), name: `s${index}` }
      : {
          name: `${choices.one(['t', 'mcp__server__tool with spaces and a very long name indeed ', 'Bash'])}${index}`,
          description: text(choices, size),
          input_schema: schema(choices, size),
          ...(choices.chance(4) ? { strict: true } : {}),
        },
  )
}
