/** A client's body as it goes to an upstream of Anthropic's protocol, as the routes do it. */
import type { JsonObject } from '../../src/anthropic/json.ts'
import { createReport } from '../../src/anthropic/report.ts'
import { forwarding } from '../../src/dialects/anthropic/hosts/anthropic.ts'
import { adaptToHost } from '../../src/dialects/anthropic/request/adapt.ts'

export function toForeignBody(request: object, { model }: { model: string }): JsonObject {
  const text = JSON.stringify(request)
  const json: JsonObject = JSON.parse(text)
  const body = { text, json }
  const sent = forwarding.toBody(adaptToHost(body, null, [], createReport()), model, 'messages')
  return JSON.parse(sent)
}
