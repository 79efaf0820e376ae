/** Each feature as a question to a gateway, which answers how far it is carried. */
import type { Answered, Gateway } from './gateway.ts'
import { user } from './gateway.ts'
import type { Said } from './wire.ts'

export type Verdict = 'yes' | 'partial' | 'no'

/** `partial`: it works, and something of it is lost or said in another way. */
function verdict(works: boolean, isWhole = true): Verdict {
  return works ? (isWhole ? 'yes' : 'partial') : 'no'
}

const image = {
  type: 'image',
  source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' },
}
const pdf = {
  type: 'document',
  source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQK' },
}

const look = {
  name: 'Look',
  description: 'Looks somewhere.',
  input_schema: { type: 'object', properties: { place: { type: 'string' } } },
}
const call = { name: 'Look', input: { place: 'here' } }
const thought = { text: 'I had better look.', state: 'c3RhdGU=' }
const thinking = { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }

const format = {
  type: 'json_schema',
  schema: {
    type: 'object',
    properties: { marker: { type: 'string' } },
    required: ['marker'],
    additionalProperties: false,
  },
}

/** Sends an answer back with a result for each of its calls. */
function goOn(gateway: Gateway, { content }: Answered, fields: object): Promise<Answered> {
  const results = content
    .filter(({ type }) => type === 'tool_use')
    .map(({ id }, index) => ({ type: 'tool_result', tool_use_id: id, content: `Seen ${index}.` }))
  const messages = [user('Hi'), { role: 'assistant', content }, user(...results)]
  return gateway.ask({ ...fields, messages })
}

function callsOf({ content }: Answered): unknown[] {
  return content.filter(({ type }) => type === 'tool_use').map(({ input }) => input)
}

function isAdapted({ adapted }: Answered, field: string): boolean {
  return adapted
    .split(', ')
    .some((item) => item.startsWith(`"${field}`) && !item.endsWith(';ignore'))
}

async function askTwo(gateway: Gateway, said: Said): Promise<[Answered, Answered]> {
  const first = await gateway.ask({ tools: [look] }, said)
  return [first, await goOn(gateway, first, { tools: [look] })]
}

export const features: Record<string, (gateway: Gateway) => Promise<Verdict>> = {
  async text(gateway) {
    const { content, sent } = await gateway.ask({ system: 'Be brief.' })
    return verdict(content[0]?.text === 'Hello' && sent.includes('Be brief.'))
  },

  async images(gateway) {
    const { status, sent } = await gateway.ask({ messages: [user('What is it?', image)] })
    return verdict(status === 200 && sent.includes(image.source.data))
  },

  async documents(gateway) {
    const { status, sent } = await gateway.ask({ messages: [user('What is it?', pdf)] })
    return verdict(status === 200 && sent.includes(pdf.source.data))
  },

  async tools(gateway) {
    const [first, second] = await askTwo(gateway, { calls: [call] })
    const isOffered = ['Look', 'Looks somewhere.', 'place'].every((word) =>
      first.sent.includes(word),
    )
    const isCalled = first.stop_reason === 'tool_use' && callsOf(first).length === 1
    return verdict(isOffered && isCalled && second.sent.includes('Seen 0.'))
  },

  async 'parallel tools'(gateway) {
    const [first, second] = await askTwo(gateway, { calls: [call, call] })
    const works =
      callsOf(first).length === 2 && ['Seen 0.', 'Seen 1.'].every((s) => second.sent.includes(s))
    const tool_choice = { type: 'auto', disable_parallel_tool_use: true }
    const single = await gateway.ask({ tools: [look], tool_choice })
    return verdict(works, !isAdapted(single, 'tool_choice'))
  },

  async 'forced tool choice'(gateway) {
    const free = await gateway.ask({ tools: [look] })
    const forced = await gateway.ask({ tools: [look], tool_choice: { type: 'tool', name: 'Look' } })
    return verdict(forced.sent !== free.sent, !isAdapted(forced, 'tool_choice'))
  },

  async thinking(gateway) {
    const plain = await gateway.ask({})
    const thoughtful = await gateway.ask(thinking, { thought, text: 'Hello' })
    const [first] = thoughtful.content
    const isAsked = thoughtful.sent !== plain.sent && thoughtful.sent.includes('high')
    const isLost = isAdapted(thoughtful, 'thinking') || isAdapted(thoughtful, 'output_config')
    return verdict(isAsked && first?.thinking === thought.text, !isLost)
  },

  async 'thinking replayed'(gateway) {
    const fields = { tools: [look], ...thinking }
    const first = await gateway.ask(fields, { thought, calls: [call] })
    const second = await goOn(gateway, first, fields)
    return verdict(second.sent.includes(thought.state) && !second.sent.includes('gw1.'))
  },

  async 'structured output'(gateway) {
    const said = { text: '{"marker":"x"}' }
    const asked = await gateway.ask({ output_config: { format } }, said)
    return verdict(asked.sent.includes('marker'), !isAdapted(asked, 'output_config.format'))
  },

  async 'stop sequences'(gateway) {
    const fields = { stop_sequences: ['STOP'] }
    const { content, ...end } = await gateway.ask(fields, { text: 'one STOP two' })
    const isTold = end.stop_reason === 'stop_sequence' && end.stop_sequence === 'STOP'
    return verdict(content[0]?.text?.trim() === 'one', isTold)
  },

  async 'cached tokens counted'(gateway) {
    const { usage } = await gateway.ask({})
    return verdict(usage?.['cache_read_input_tokens'] === 60 && usage['input_tokens'] === 40)
  },

  async count_tokens(gateway) {
    const { input_tokens: tokens = 0 } = await gateway.ask({}, {}, '/v1/messages/count_tokens')
    return verdict(tokens > 0, tokens === 4711)
  },

  async 'context editing'(gateway) {
    const edit = {
      type: 'clear_tool_uses_20250919',
      trigger: { type: 'tool_uses', value: 1 },
      keep: { type: 'tool_uses', value: 1 },
    }
    const turn = (id: string, content: string): object[] => [
      { role: 'assistant', content: [{ type: 'tool_use', id, ...call }] },
      user({ type: 'tool_result', tool_use_id: id, content }),
    ]
    const messages = [user('Hi'), ...turn('toolu_1', 'First.'), ...turn('toolu_2', 'Second.')]
    const edits = { context_management: { edits: [edit] } }
    const edited = await gateway.ask({ tools: [look], messages, ...edits })
    const isDone = edited.context_management?.applied_edits.length === 1
    const isLeft = edited.sent.includes(edit.type)
    return verdict(isLeft || (isDone && !edited.sent.includes('First.')))
  },

  async compaction(gateway) {
    const { content, sent } = await gateway.ask({ compaction: { type: 'summarize' } })
    return verdict(sent.includes('"compaction"') || content[0]?.type === 'compaction')
  },

  async 'tools of messages'(gateway) {
    const tool = { type: 'tool_definition', definition: look }
    const added = { role: 'system', content: [{ type: 'tool_addition', tool }] }
    const { sent } = await gateway.ask({ messages: [user('Hi'), added, user('Go on.')] })
    return verdict(sent.includes(look.description))
  },

  async 'effort of messages'(gateway) {
    const set = { role: 'system', content: 'x', output_config: { effort: 'low' } }
    const { sent } = await gateway.ask({ ...thinking, messages: [user('Hi'), set, user('Go on.')] })
    return verdict(/"low"/i.test(sent))
  },

  async 'task budget'(gateway) {
    const task_budget = { type: 'tokens', total: 54_321 }
    const { sent } = await gateway.ask({ output_config: { task_budget } })
    return verdict(sent.includes('54321'))
  },

  async fallbacks(gateway) {
    const fields = { fallbacks: [{ model: 'm', max_tokens: 777 }] }
    const { content, sent } = await gateway.ask(fields, { text: 'Hello', declinesUnless: 777 })
    return verdict(sent.includes('"fallbacks"') || content.some(({ type }) => type === 'fallback'))
  },

  async advisor(gateway) {
    const tools = [{ type: 'advisor_20260301', name: 'advisor', model: 'm' }]
    const calls = [{ name: 'advisor', input: {} }]
    const { content, sent } = await gateway.ask({ tools }, { text: 'Try.', calls, callsOnce: true })
    const isAdvised = content.some(({ type }) => type === 'advisor_tool_result')
    return verdict(sent.includes('"advisor_20260301"') || isAdvised)
  },
}
