import { expect, test } from 'vitest'

import { createHarness } from '../../support/app.ts'

const vars = {
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.test',
  OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer operator',
}

const own = { key: 'service.name', value: { stringValue: 'claude-code' } }
const request = { resourceMetrics: [{ resource: { attributes: [own] }, scopeMetrics: [] }] }
const accepted = { upstream: () => Response.json({}) }

test('metrics of a client go to the operator’s endpoint, with the operator’s credential and the key’s id', async () => {
  const gateway = await createHarness({ vars, ...accepted })
  const response = await gateway.request('/v1/metrics', { json: request })
  expect([response.status, await response.json()]).toEqual([200, { partialSuccess: {} }])
  await gateway.settled()
  expect(gateway.sent).toMatchObject([
    {
      url: 'http://otel.test/v1/metrics',
      body: {
        resourceMetrics: [
          {
            resource: {
              attributes: [own, { key: 'gateway.key_id', value: { stringValue: 'aaaaaaaaaa' } }],
            },
          },
        ],
      },
    },
  ])
  const headers = gateway.sent[0]?.headers
  expect([headers?.get('authorization'), headers?.get('x-api-key')]).toEqual([
    'Bearer operator',
    null,
  ])
  expect(gateway.lines).toEqual([])
})

test('compressed protobuf is accepted, and answered in protobuf', async () => {
  const gateway = await createHarness({ vars, ...accepted })
  const bytes = new Response(new Uint8Array([0x0a, 2, 0x12, 0])).body!
  const body = bytes.pipeThrough(new CompressionStream('gzip'))
  const response = await gateway.request('/v1/logs', {
    method: 'POST',
    body: await new Response(body).arrayBuffer(),
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' },
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/x-protobuf',
  ])
  expect((await response.arrayBuffer()).byteLength).toBe(0)
  await gateway.settled()
  expect(gateway.sent[0]?.headers.get('content-type')).toBe('application/x-protobuf')
})

test('without an endpoint telemetry is accepted and discarded', async () => {
  const gateway = await createHarness(accepted)
  const response = await gateway.request('/v1/traces', { json: { resourceSpans: [] } })
  await gateway.settled()
  expect([response.status, gateway.sent]).toEqual([200, []])
})

test('telemetry without a valid key, and a body that is not OTLP, are refused', async () => {
  const gateway = await createHarness({ vars, ...accepted })
  const refused = [
    await gateway.request('/v1/metrics', { json: request, key: 'gw-unknown' }),
    await gateway.request('/v1/metrics', { method: 'POST', body: 'nothing' }),
    await gateway.request('/v1/logs', {
      method: 'POST',
      body: 'nothing',
      headers: { 'content-type': 'application/x-protobuf' },
    }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([401, 400, 400])
  expect(gateway.lines).toHaveLength(3)
  await gateway.settled()
  // That they failed is in traces of the gateway's own.
  expect(new Set(gateway.sent.map(({ url }) => url))).toEqual(
    new Set(['http://otel.test/v1/traces']),
  )
})
