import { expect, test } from 'vitest'

import { readTelemetry } from '../../src/telemetry/settings.ts'

const read = (vars: Record<string, string>) => readTelemetry((name) => vars[name])

test('nothing is sent without an endpoint', () => {
  expect(read({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b', OTEL_SERVICE_NAME: 'x' })).toBeUndefined()
})

test('the path of a signal is added to the endpoint of all signals', () => {
  const settings = read({
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.test/api/public/otel/',
    OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Basic%20cGs6c2s=, x-team = a%2Cb,broken, %=100%',
  })
  expect(settings?.endpoint('traces')).toEqual({
    url: 'https://otel.test/api/public/otel/v1/traces',
    headers: { Authorization: 'Basic cGs6c2s=', 'x-team': 'a,b', '%': '100%' },
  })
  expect(settings?.endpoint('logs')?.url).toBe('https://otel.test/api/public/otel/v1/logs')
})

test('an endpoint of one signal is used as it is, with its own headers', () => {
  const settings = read({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.test/in',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'k=v',
    OTEL_EXPORTER_OTLP_HEADERS: 'other=1',
  })
  expect(settings?.endpoint('traces')).toEqual({
    url: 'https://traces.test/in',
    headers: { k: 'v' },
  })
  expect(settings?.endpoint('metrics')).toBeUndefined()
})

test('names, ratio and service have defaults, and an invalid ratio is the default', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://otel.test'
  expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT })).toMatchObject({
    conventions: ['gen_ai'],
    ratio: 1,
    resource: { 'service.name': 'messages-gateway' },
  })
  expect(
    read({
      OTEL_EXPORTER_OTLP_ENDPOINT,
      TELEMETRY_SEMCONV: 'both, langfuse',
      OTEL_TRACES_SAMPLER_ARG: '7',
      OTEL_SERVICE_NAME: 'llm',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
    }),
  ).toMatchObject({
    conventions: ['gen_ai', 'openinference', 'langfuse'],
    ratio: 1,
    resource: { 'service.name': 'llm', 'deployment.environment.name': 'prod' },
  })
})
