/**
 * `POST /v1/traces`, `/v1/metrics` and `/v1/logs`: telemetry of clients such as Claude Code, which is passed on to the
 * operator's endpoint with the key that sent it, or discarded where there is none. Loaded at its first request.
 */
import type { Context } from 'hono'

import { GatewayError, invalidRequest } from '../../../anthropic/error.ts'
import { asObject, parseJson } from '../../../anthropic/json.ts'
import { readBytes } from '../../../platform/read-bytes.ts'
import { postTelemetry } from '../../../telemetry/send.ts'
import type { Signal } from '../../../telemetry/settings.ts'
import { stampJson, stampProtobuf } from '../../../telemetry/stamp.ts'
import { decompressed } from '../../body.ts'
import type { AppEnv, Dependencies } from '../../env.ts'

/** The maximal length of a request in bytes, decompressed. */
const maxBytes = 4 * 1024 * 1024

const protobuf = 'application/x-protobuf'

/** Handles a client's telemetry of one signal. */
export async function answerTelemetry(
  c: Context<AppEnv>,
  signal: Signal,
  { fetch, writeLog }: Pick<Dependencies, 'fetch' | 'writeLog'>,
): Promise<Response> {
  const isProtobuf = c.req.header('content-type')?.startsWith(protobuf) === true
  const endpoint = c.get('config').telemetry?.endpoint(signal)
  if (endpoint !== undefined) {
    const body = stamp(c, await readAll(c.req.raw), isProtobuf)
    const type = isProtobuf ? protobuf : 'application/json'
    const headers = { ...endpoint.headers, 'content-type': type }
    const { id } = c.get('exchange').record
    const forward = async (): Promise<void> => {
      const failed = await postTelemetry(fetch, { url: endpoint.url, headers }, body)
      if (failed !== undefined) {
        writeLog({ level: 'warn', requestId: id, [`${signal}_not_sent`]: failed })
      }
    }
    c.executionCtx.waitUntil(forward())
  }
  // In protobuf an answer without fields has no bytes.
  return isProtobuf
    ? c.body(new Uint8Array(), 200, { 'content-type': protobuf })
    : c.json({ partialSuccess: {} })
}

async function readAll({ body, headers }: Request): Promise<Uint8Array> {
  if (body === null) {
    return new Uint8Array()
  }
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity'
  const bytes = await readBytes(decompressed(body, encoding), maxBytes)
  if (bytes === undefined) {
    throw new GatewayError({
      kind: 'too_large',
      reason: `telemetry may have at most ${maxBytes} bytes`,
    })
  }
  return bytes
}

/** Throws a GatewayError `invalid_request` for a body that is not OTLP. */
function stamp(
  c: Context<AppEnv>,
  bytes: Uint8Array,
  isProtobuf: boolean,
): string | Uint8Array<ArrayBuffer> {
  const { id, group_id: group, owner } = c.get('key')
  const attributes = {
    'gateway.key_id': id,
    ...(group === undefined ? {} : { 'gateway.group_id': group }),
    ...(owner === undefined ? {} : { 'user.id': owner.email ?? owner.subject }),
  }
  if (isProtobuf) {
    const stamped = stampProtobuf(bytes, attributes)
    if (stamped !== undefined) {
      return stamped
    }
  } else {
    const json = asObject(parseJson(new TextDecoder().decode(bytes)))
    if (json !== undefined) {
      return JSON.stringify(stampJson(json, attributes))
    }
  }
  throw invalidRequest(
    'The body is not an OTLP request in the format of its content-type (JSON or protobuf).',
  )
}
