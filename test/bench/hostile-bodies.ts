/** The most expensive bodies that the gateway accepts: many values, long texts, each in its worst form. */

const mebibyte = 1024 * 1024

/** Below the bounds of a body: 32 MB and 200,000 values (docs/reference/limits.md). */
const maxValues = 195_000
const maxBytes = 31 * mebibyte

type Shape = (model: string) => object

const ask = (model: string, fields: object): object => ({
  model,
  max_tokens: 64,
  messages: [{ role: 'user', content: 'hello' }],
  ...fields,
})

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] })
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const hostileBodies: Readonly<Record<string, Shape>> = {
  'blocks of text': (model) =>
    ask(model, user(many(maxValues / 4, () => ({ type: 'text', text: 'x' })))),
  'turns of both sides': (model) =>
    ask(model, {
      messages: many(maxValues / 4, (index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: 'x',
      })),
    }),
  'properties of a schema': (model) =>
    ask(model, {
      tools: [
        {
          name: 't',
          input_schema: {
            type: 'object',
            properties: Object.fromEntries(
              many(maxValues / 3, (at) => [`p${at}`, { type: 'string' }]),
            ),
          },
        },
      ],
    }),
  'numbers in the input of a call': (model) =>
    ask(model, {
      messages: [
        { role: 'user', content: 'hello' },
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 't', name: 't', input: { a: many(maxValues - 99, () => 1.5) } },
          ],
        },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'x' }] },
      ],
    }),
  '31 MB of text': (model) => ask(model, user('word '.repeat(maxBytes / 5))),
  'as much text with an emoji as is accepted': (model) =>
    ask(model, user(`${'word '.repeat(maxBytes / 10)}😀`)),
  '31 MB of text of three-byte characters': (model) => ask(model, user('語'.repeat(maxBytes / 3))),
  '31 MB of escaped text': (model) => ask(model, user('"\\'.repeat(maxBytes / 4))),
  '31 MB of an image': (model) =>
    ask(
      model,
      user([
        {
          type: 'image',
          source: { type: 'base64', media_type: 'image/png', data: 'A'.repeat(maxBytes - 1000) },
        },
      ]),
    ),
}
