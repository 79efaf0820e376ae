import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { stampJson, stampProtobuf } from '../../src/telemetry/stamp.ts'

const attributes = { 'gateway.key_id': 'k1' }
const stamped = { key: 'gateway.key_id', value: { stringValue: 'k1' } }

describe('telemetry in JSON', () => {
  test.each(['resourceSpans', 'resourceMetrics', 'resourceLogs'])(
    'a client’s telemetry in JSON gets the attributes in each of %s, besides its own',
    (list) => {
      const own = { key: 'service.name', value: { stringValue: 'claude-code' } }
      const request = {
        [list]: [{ resource: { attributes: [own] }, scope: 1 }, { scope: 2 }],
        other: true,
      }
      expect(stampJson(request, attributes)).toEqual({
        [list]: [
          { resource: { attributes: [own, stamped] }, scope: 1 },
          { resource: { attributes: [stamped] }, scope: 2 },
        ],
        other: true,
      })
    },
  )

  test('telemetry in JSON cannot claim another key', () => {
    const claimed = { key: 'gateway.key_id', value: { stringValue: 'another' } }
    const request = { resourceLogs: [{ resource: { attributes: [claimed, null] } }] }
    expect(stampJson(request, attributes)).toEqual({
      resourceLogs: [{ resource: { attributes: [null, stamped] } }],
    })
  })
})

/** The fields of a message: tag and content, all of them with a length. */
function fieldsOf(bytes: Uint8Array): { tag: number; content: Uint8Array }[] {
  const fields: { tag: number; content: Uint8Array }[] = []
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at] ?? 0
    let length = 0
    let shift = 0
    do {
      at += 1
      length |= ((bytes[at] ?? 0) & 0x7f) << shift
      shift += 7
    } while ((bytes[at] ?? 0) > 0x7f)
    fields.push({ tag, content: bytes.subarray(at + 1, at + 1 + length) })
    at += 1 + length
  }
  return fields
}

function entry(content: Uint8Array): Uint8Array {
  const length = content.length
  const varint = length < 128 ? [length] : [(length & 0x7f) | 0x80, length >> 7]
  return new Uint8Array([0x0a, ...varint, ...content])
}

describe('telemetry in protobuf', () => {
  test('telemetry in protobuf gets a second resource in each entry, which is merged with the first', () => {
    const contents = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 5 })
    fc.assert(
      fc.property(contents, (entries) => {
        const request = new Uint8Array(entries.flatMap((content) => [...entry(content)]))
        const after = fieldsOf(stampProtobuf(request, attributes) ?? new Uint8Array([1]))
        expect(after.map(({ tag }) => tag)).toEqual(entries.map(() => 0x0a))
        after.forEach(({ content }, index) => {
          const before = entries[index] ?? new Uint8Array()
          expect(content.subarray(0, before.length)).toEqual(before)
          const [resource, ...others] = fieldsOf(content.subarray(before.length))
          expect([resource?.tag, others]).toEqual([0x0a, []])
          const [pair] = fieldsOf(resource?.content ?? new Uint8Array())
          const [key, value] = fieldsOf(pair?.content ?? new Uint8Array())
          const [text] = fieldsOf(value?.content ?? new Uint8Array())
          const decoder = new TextDecoder()
          expect([decoder.decode(key?.content), decoder.decode(text?.content)]).toEqual([
            'gateway.key_id',
            'k1',
          ])
        })
      }),
    )
  })

  test.each([
    ['another field', [0x12, 1, 0]],
    ['a length beyond the end', [0x0a, 5, 0]],
    ['a length that does not end', [0x0a, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['text', [...new TextEncoder().encode('{"resourceSpans":[]}')]],
  ])('telemetry in protobuf that is %s is rejected', (_, bytes) => {
    expect(stampProtobuf(new Uint8Array(bytes), attributes)).toBeUndefined()
  })
})
