/** From the model that a request names to the upstream that serves it, as far as its key may go there. */
import type { Context } from 'hono'

import { GatewayError } from '../anthropic/error.ts'
import { envelope, parseRequest } from '../anthropic/request.ts'
import type { AppEnv } from '../app-env.ts'
import type { Registries } from '../catalog/registries.ts'
import { resolveModel } from '../catalog/resolve.ts'
import type { Catalog } from '../catalog/schema.ts'
import type { Upstream } from '../catalog/upstream.ts'
import { toUpstream } from '../catalog/upstream.ts'
import { allowsModel } from '../keys/record.ts'
import type { Body } from './body.ts'

export interface Chosen {
  requestedModel: string
  upstream: Upstream
}

/** Throws a GatewayError `unknown_model`, `model_not_allowed`, or `invalid_request` without a model. */
export function chooseUpstream(
  c: Context<AppEnv>,
  catalog: Catalog,
  registries: Registries,
  { json }: Body,
): Chosen {
  const { model: requestedModel } = parseRequest(envelope, json)
  c.get('log').model = requestedModel
  const resolved = resolveModel(catalog, requestedModel)
  const target = resolved?.targets[0]
  if (resolved === undefined || target === undefined) {
    throw new GatewayError({ kind: 'unknown_model', model: requestedModel })
  }
  if (!allowsModel(c.get('key').models, requestedModel, resolved.id)) {
    throw new GatewayError({ kind: 'model_not_allowed', model: requestedModel })
  }
  return { requestedModel, upstream: toUpstream(catalog, registries, resolved.model, target) }
}
