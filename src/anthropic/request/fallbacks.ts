/**
 * Models that a client names for the case that the requested one declines
 * (https://platform.claude.com/docs/en/build-with-claude/refusals-and-fallback).
 */
import * as z from 'zod/mini'

import type { JsonObject } from '../json.ts'
import { asObject } from '../json.ts'
import { parseRequest } from './request.ts'

const entry = z.looseObject({ model: z.string() })
const body = z.object({ fallbacks: z.array(entry).check(z.maxLength(3)) })
type Entry = z.infer<typeof entry>

/** One entry of `fallbacks`: a model, and how its overrides are applied to the client's body. */
export interface FallbackEntry {
  model: string
  /** The request for this model. */
  apply: (json: JsonObject) => JsonObject
}

/** The entries in their order; none for `default`. Throws a GatewayError `invalid_request` for wrong ones. */
export function readFallbacks({ fallbacks }: JsonObject): FallbackEntry[] {
  if (!Array.isArray(fallbacks)) {
    return []
  }
  return parseRequest(body, { fallbacks }).fallbacks.map((each) => ({
    model: each.model,
    apply: (json) => applyEntry(json, each),
  }))
}

function applyEntry(json: JsonObject, { model, ...overrides }: Entry): JsonObject {
  const { fallbacks: _, ...request } = json
  const { max_tokens, thinking, output_config, speed } = overrides
  return withoutNulls({
    ...request,
    model,
    ...(max_tokens === null || max_tokens === undefined ? {} : { max_tokens }),
    ...(thinking === undefined ? {} : { thinking }),
    ...(speed === undefined ? {} : { speed }),
    ...(output_config === undefined
      ? {}
      : { output_config: mergeConfig(request['output_config'], output_config) }),
  })
}

/** One field at a time; null is for the model's default. */
function mergeConfig(own: unknown, override: unknown): JsonObject | null {
  return override === null ? null : withoutNulls({ ...asObject(own), ...asObject(override) })
}

function withoutNulls(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}
