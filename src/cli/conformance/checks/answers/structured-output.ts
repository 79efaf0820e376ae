/** Structured output: answers that match a JSON schema. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asObject, parseJson } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import { need } from '../../finding.ts'
import { user } from '../../material/prompts.ts'
import { weather } from '../../material/tools.ts'

const about = ['output_config.format']

const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer' },
    role: { type: 'string', enum: ['admin', 'member'] },
  },
  required: ['name', 'age', 'role'],
  additionalProperties: false,
}

const prompt = user('Make up a member of a club: {"name": "Ada", "age": 36, "role": "member"}')

function withSchema(schema: JsonObject): JsonObject {
  return { output_config: { format: { type: 'json_schema', schema } }, messages: [prompt] }
}

function needPerson(value: unknown): void {
  const { name, age, role, ...more } = asObject(value) ?? {}
  const isPerson =
    typeof name === 'string' && Number.isInteger(age) && (role === 'admin' || role === 'member')
  need(isPerson, 'the answer does not match the schema')
  need(Object.keys(more).length === 0, 'the answer has properties beside those of the schema')
}

const subject = { name: 'structured', title: 'Structured output', mayRefuse: true, about }

/** Checks of answers that must match a JSON schema. */
export const structuredOutput = defineSubject(subject, {
  schema: {
    title: 'answers with JSON that matches the schema, and nothing else',
    run: async (endpoint) => needPerson(parseJson((await endpoint.ask(withSchema(person))).text)),
  },
  stream: {
    title: 'streams JSON that matches the schema',
    run: async (endpoint) =>
      needPerson(parseJson((await endpoint.stream(withSchema(person))).text)),
  },
  nested: {
    title: 'matches a schema with nested objects, arrays and references',
    run: async (endpoint) => {
      const schema = {
        type: 'object',
        properties: { members: { type: 'array', items: { $ref: '#/$defs/person' } } },
        required: ['members'],
        additionalProperties: false,
        $defs: { person },
      }
      const { text } = await endpoint.ask(withSchema(schema))
      const members = asObject(parseJson(text))?.['members']
      need(Array.isArray(members), 'the answer does not match the schema')
      members.forEach(needPerson)
    },
  },
  'with-tools': {
    title: 'matches a schema while tools are offered',
    about: [...about, 'tools'],
    run: async (endpoint) => {
      const { text } = await endpoint.ask({ ...withSchema(person), tools: [weather] })
      needPerson(parseJson(text))
    },
  },
})
