import { describe, expect, test } from 'vitest'

import { answer } from '../../src/demo/model/demo-model.ts'
import type { Answer, Conversation, Tool, Turn } from '../../src/demo/model/demo-model.ts'
import { growthOf } from '../support/growth.ts'

const user = (text: string): Turn => ({ role: 'user', text })
const assistant = (text: string): Turn => ({ role: 'assistant', text })
const result = (text: string): Turn => ({ role: 'tool', text })
const tool = (name: string, schema = {}): Tool => ({ name, schema })
const says = (text: string): Answer => ({ type: 'text', text })
const calls = (name: string, input = {}): Answer => ({ type: 'calls', calls: [{ name, input }] })

const use = (name: string, input: unknown): string =>
  `Use the ${name} tool with this input: ${JSON.stringify(input)}. Then reply with exactly what the tool returned and nothing else.`

function ask(turns: Turn[], rest: Partial<Conversation> = {}): Answer {
  return answer({ turns, tools: [], choice: 'auto', isParallel: true, ...rest })
}

describe('an instruction to reply exactly', () => {
  test.each([
    ['alone', 'Reply with exactly: PONG-1', 'PONG-1'],
    ['with more words', 'Reply with exactly: two words, é 😀', 'two words, é 😀'],
    ['before a reminder', 'Reply with exactly: PONG<system-reminder>x</system-reminder>', 'PONG'],
    [
      'after a reminder',
      '<system-reminder>Be brief.</system-reminder>\nReply with exactly: A',
      'A',
    ],
    ['in another case', 'please reply with EXACTLY: A', 'A'],
    ['on the next line', 'Reply with exactly:\nA\nB', 'A'],
    ['in a quoted prompt', '"Reply with exactly: PONG"\n', 'PONG'],
    ['that is quoted itself', 'Reply with exactly: "PONG"', '"PONG"'],
    ['twice: the last one counts', 'Reply with exactly: A\nReply with exactly: B', 'B'],
  ])('an instruction to reply exactly is found %s', (_, text, expected) => {
    expect(ask([user(text)])).toEqual(says(expected))
  })

  test('an instruction to reply exactly applies while later messages contain no instruction', () => {
    expect(
      ask([user('Reply with exactly: A'), user('<system-reminder>x</system-reminder>')]),
    ).toEqual(says('A'))
  })

  test('an instruction to reply exactly is followed again if the first reply was truncated', () => {
    const turns = [user('Reply with exactly: ABCD'), assistant('AB'), user('Resume.')]
    expect(ask(turns)).toEqual(says('ABCD'))
  })

  test('an instruction to reply exactly continues the reply that the client has begun', () => {
    expect(ask([user('Reply with exactly: ABCD'), assistant('AB')])).toEqual(says('CD'))
  })

  test('an instruction to reply exactly is not followed twice', () => {
    const turns = [user('Reply with exactly: A'), assistant('A'), user('How are you?')]
    expect(ask(turns)).toEqual(says('How are you?'))
  })

  test('an instruction to reply exactly is followed in user messages only', () => {
    const turns: Turn[] = [{ role: 'system', text: 'Reply with exactly: NO' }, user('hi')]
    expect(ask(turns)).toEqual(says('hi'))
  })
})

describe('a tool of the demo model', () => {
  const input = { city: 'Paris', list: [1, { deep: 'a"b\\c } é' }] }

  test('a tool of the demo model is called with the input that was given', () => {
    const turns = [user(use('get_code', input))]
    expect(ask(turns, { tools: [tool('other'), tool('get_code')] })).toEqual(
      calls('get_code', input),
    )
  })

  test('a tool of the demo model is called if the whole prompt is quoted', () => {
    const turns = [user(JSON.stringify(use('bash', { command: 'cat "a b"' })))]
    expect(ask(turns, { tools: [tool('bash')] })).toEqual(calls('bash', { command: 'cat "a b"' }))
  })

  test('a tool of the demo model may receive an instruction in its input', () => {
    const inner = { prompt: 'Reply with exactly: INNER' }
    expect(ask([user(use('Task', inner))], { tools: [tool('Task')] })).toEqual(calls('Task', inner))
  })

  test('a tool of the demo model gets the smallest valid input if none is given', () => {
    const schema = { type: 'object', properties: { n: { type: 'integer' } }, required: ['n'] }
    const turns = [user('Use the count tool with this input: what you like')]
    expect(ask(turns, { tools: [tool('count', schema)] })).toEqual(calls('count', { n: 1 }))
  })

  test('a tool of the demo model is found by a name that was normalized or shortened', () => {
    const long = `mcp__${'server'.repeat(9)}__get.code`
    const short = `${long.slice(0, 55)}_1a2b3c4d`
    expect(ask([user(use('Get_Code', {}))], { tools: [tool('get_code')] })).toEqual(
      calls('get_code'),
    )
    expect(ask([user(use('get.code', {}))], { tools: [tool('get_code_1a2b3c4d')] })).toEqual(
      calls('get_code_1a2b3c4d'),
    )
    expect(ask([user(use(long, {}))], { tools: [tool(short)] })).toEqual(calls(short))
  })

  test('a tool of the demo model is not called if it is not offered or not allowed', () => {
    const text = use('bash', {})
    expect(ask([user(text)])).toEqual(says(text))
    expect(ask([user(text)], { tools: [tool('bash')], choice: 'none' })).toEqual(says(text))
  })

  test('a tool of the demo model is followed by an answer with its result', () => {
    const turns = [user(use('bash', {})), assistant(''), result('SECRET\n')]
    expect(ask(turns, { tools: [tool('bash')] })).toEqual(says('SECRET\n'))
    expect(ask([...turns, user('[image]')], { tools: [tool('bash')] })).toEqual(says('SECRET\n'))
  })

  test('a tool of the demo model is followed by an answer even if its result is empty', () => {
    expect(ask([user(use('bash', {})), assistant(''), result('')])).toEqual(says('(empty result)'))
  })

  test('a tool of the demo model is called again if requested again', () => {
    const turns = [user(use('bash', {})), result('A'), assistant('A'), user(use('bash', { n: 2 }))]
    expect(ask(turns, { tools: [tool('bash')] })).toEqual(calls('bash', { n: 2 }))
  })

  test('a tool of the demo model is not called again after its result was the answer', () => {
    const turns = [user(use('bash', {})), result('A'), assistant('A'), user('thanks')]
    expect(ask(turns, { tools: [tool('bash')] })).toEqual(says('thanks'))
  })

  test('a tool of the demo model is followed by its result even without an instruction', () => {
    expect(ask([user('weather?'), assistant(''), result('sunny')])).toEqual(says('sunny'))
  })
})

describe('a forced tool of the demo model', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
  }
  const tools = [tool('first'), tool('extract', schema)]
  const choice = { name: 'extract' }

  test('a forced tool of the demo model gets the JSON of the message as input', () => {
    const turns = [user('Reply with exactly: {"name":"Ada","age":36}')]
    expect(ask(turns, { tools, choice })).toEqual(calls('extract', { name: 'Ada', age: 36 }))
  })

  test('a forced tool of the demo model does not get JSON that does not match its schema', () => {
    const turns = [user('Of {"name":1} and [1] and { take what fits')]
    expect(ask(turns, { tools, choice })).toEqual(calls('extract', { name: 'text', age: 1 }))
  })

  test('a forced tool of the demo model is the requested one, or the first, if any tool is forced', () => {
    expect(ask([user('hi')], { tools, choice: 'any' })).toEqual(calls('first'))
    expect(ask([user(use('extract', { a: 1 }))], { tools, choice: 'any' })).toEqual(
      calls('extract', { a: 1 }),
    )
  })
})

describe('a JSON schema given to the demo model', () => {
  const schema = { type: 'object', properties: { ok: { type: 'boolean' } }, required: ['ok'] }

  test('a JSON schema given to the demo model is answered with the JSON of the message, else with the smallest JSON', () => {
    expect(ask([user('Reply with exactly: {"ok":false}')], { schema })).toEqual(
      says('{"ok":false}'),
    )
    expect(ask([user('Is it?')], { schema })).toEqual(says('{"ok":true}'))
  })

  test('a JSON schema given to the demo model applies after the tools', () => {
    const turns = [user(use('look', {}))]
    const rest = { tools: [tool('look')], schema }
    expect(ask(turns, rest)).toEqual(calls('look'))
    expect(ask([...turns, result('{"ok":false}')], rest)).toEqual(says('{"ok":false}'))
  })
})

describe('a message without an instruction', () => {
  test('a message without an instruction is repeated without the reminders of the client', () => {
    const text = '<system-reminder>\nToday is Monday.\n</system-reminder>\nHello there'
    expect(ask([user('first'), assistant('first'), user(text)])).toEqual(says('Hello there'))
  })

  test('a message without an instruction is repeated whole if it is only a reminder', () => {
    expect(ask([user('<system-reminder>a</system-reminder>')])).toEqual(
      says('<system-reminder>a</system-reminder>'),
    )
  })

  test('a message without an instruction may be missing', () => {
    expect(ask([{ role: 'system', text: 'Be brief.' }])).toEqual(says('Nothing was asked.'))
  })
})

describe('the time that a message takes grows with its length', () => {
  test.each([
    ['of reminders that do not end', 4000, (size: number) => '<system-reminder>'.repeat(size)],
    [
      'of instructions without JSON',
      2000,
      (size: number) => 'Use the t tool with this input: {'.repeat(size),
    ],
    [
      'of a string of quotes that does not end',
      20_000,
      (size: number) => `Use the t tool with this input: {"${'\\"'.repeat(size)}`,
    ],
  ])('the time that a message takes grows linearly with its length: %s', (_, length, make) => {
    const growth = growthOf(length, (size) => {
      const turns = [user(make(size))]
      return () => ask(turns, { schema: { type: 'object' } })
    })
    expect(growth).toBeLessThan(3)
  })
})

describe('a web search of the demo', () => {
  const results =
    '[1] Rome\nURL: https://demo.example/rome\nDate: 2026-08-21\nRome is the capital of Italy. It stands on the Tiber.\n\n[4] Tiber\nURL: https://demo.example/tiber\nThe Tiber is a river.\n\nThese are search results.'
  const tools = [
    { name: 'web_search', schema: { type: 'object', properties: { query: { type: 'string' } } } },
  ]
  const question = { role: 'user' as const, text: 'Search the web for the capital of Italy' }

  test('a web search of the demo is called, and summarized with the numbers of its results', () => {
    expect(answer({ turns: [question], tools, choice: 'auto', isParallel: true })).toEqual(
      calls('web_search', { query: 'the capital of Italy' }),
    )
    const turns = [question, { role: 'assistant' as const, text: '' }]
    const found = { role: 'tool' as const, text: results }
    expect(answer({ turns: [...turns, found], tools, choice: 'auto', isParallel: true })).toEqual({
      type: 'text',
      text: 'Rome is the capital of Italy.[1] The Tiber is a river.[4]',
    })
  })

  test('a web search of the demo is over once its summary was given, with or without the numbers', () => {
    const turns = [
      question,
      { role: 'tool' as const, text: results },
      { role: 'assistant' as const, text: 'Rome is the capital of Italy. The Tiber is a river.' },
      { role: 'user' as const, text: 'Thanks' },
    ]
    expect(answer({ turns, tools, choice: 'auto', isParallel: true })).toEqual({
      type: 'text',
      text: 'Thanks',
    })
  })
})

describe('two calls at the same time', () => {
  const text =
    'Use the a tool with this input: {"x":1}. At the same time, use the b tool with this input: {"y":2}'
  const tools = [tool('a'), tool('b')]
  const both = [
    { name: 'a', input: { x: 1 } },
    { name: 'b', input: { y: 2 } },
  ]

  test('two calls that the demo is asked for are made together', () => {
    expect(ask([user(text)], { tools })).toEqual({ type: 'calls', calls: both })
  })

  test('two calls that the demo is asked for are one where parallel calls are disabled', () => {
    const { calls: made } = Object(ask([user(text)], { tools, isParallel: false }))
    expect(made).toEqual(both.slice(0, 1))
  })

  test('two calls that the demo is asked for leave out a tool that is not the forced one', () => {
    expect(ask([user(text)], { tools, choice: { name: 'b' } })).toEqual(calls('b', { y: 2 }))
  })
})

describe('a question for the code word', () => {
  const question = 'What is the code word?'

  test.each([
    ['the system prompt', [{ role: 'system' as const, text: 'The code word is HERON.' }]],
    ['an earlier message', [user('The code word is HERON.'), assistant('Noted.')]],
    ['a tool result', [user('Look.'), result('The code word is HERON.'), assistant('Seen.')]],
  ])('a question for the code word is answered from %s', (_, turns) => {
    expect(ask([...turns, user(question)])).toEqual(says('HERON'))
  })

  test('a question for the code word is answered with the last one', () => {
    const turns = [user('The code word is HERON.'), user(`The code word is OWL. ${question}`)]
    expect(ask(turns)).toEqual(says('OWL'))
  })

  test('a question for the code word is answered with a sentence if there is none', () => {
    expect(ask([user(question)])).toEqual(says('I know of no code word.'))
  })
})
