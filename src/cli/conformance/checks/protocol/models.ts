/** The list of models. */
import type { JsonObject } from '../../../../anthropic/json.ts'
import { asArray, asObject, asString } from '../../../../anthropic/json.ts'
import { defineSubject } from '../../check.ts'
import type { Endpoint } from '../../endpoint/endpoint.ts'
import { accepted, errorOf } from '../../endpoint/reply.ts'
import { need, partial, partialUnless } from '../../finding.ts'

interface Page {
  models: readonly JsonObject[]
  json: JsonObject
}

async function list(endpoint: Endpoint, query = ''): Promise<Page> {
  const { json } = accepted(await endpoint.send(`/v1/models${query}`))
  need(json !== undefined && Array.isArray(json['data']), 'there is no list of models')
  return { json, models: asArray(json['data']).map((each) => asObject(each) ?? {}) }
}

const subject = {
  name: 'models',
  title: 'Models',
  mayRefuse: true,
  tokens: { input: 0, output: 0 },
}

/** Checks of `/v1/models`. */
export const models = defineSubject(subject, {
  list: {
    title: 'lists models as a page with has_more, first_id and last_id',
    run: async (endpoint) => {
      const { json, models: found } = await list(endpoint)
      need(found.length > 0, 'the list is empty')
      const isPage =
        typeof json['has_more'] === 'boolean' &&
        json['first_id'] === found[0]?.['id'] &&
        json['last_id'] === found.at(-1)?.['id']
      return partialUnless(isPage, 'not a page of Anthropic’s')
    },
  },
  entry: {
    title: 'describes a model by type, id, display_name and created_at',
    run: async (endpoint) => {
      const { models: found } = await list(endpoint)
      need(
        found.every(({ id }) => asString(id) !== undefined),
        'a model has no id',
      )
      const isWhole = found.every(
        (model) =>
          model['type'] === 'model' &&
          asString(model['display_name']) !== undefined &&
          !Number.isNaN(Date.parse(String(model['created_at']))),
      )
      return partialUnless(isWhole, 'fields are missing')
    },
  },
  pages: {
    title: 'pages by limit and after_id, without end or repetition',
    run: async (endpoint) => {
      const all = (await list(endpoint, '?limit=1000')).models.map(({ id }) => id)
      const first = await list(endpoint, '?limit=1')
      if (all.length < 2) {
        need(first.models.length === all.length, 'limit is not observed')
        return undefined
      }
      if (first.models.length !== 1) {
        return partial('limit is not observed')
      }
      need(first.json['has_more'] === true, 'has_more is not true')
      const after = encodeURIComponent(String(first.models[0]?.['id']))
      const next = await list(endpoint, `?limit=1&after_id=${after}`)
      need(next.models[0]?.['id'] === all[1], 'the second page is another')
      return undefined
    },
  },
  get: {
    title: 'returns one model by its id',
    run: async (endpoint) => {
      const id = endpoint.access.model
      const { json } = accepted(await endpoint.send(`/v1/models/${encodeURIComponent(id)}`))
      need(asString(json?.['id']) !== undefined, 'there is no id')
      return partialUnless(json?.['id'] === id && json['type'] === 'model', 'another shape')
    },
  },
  unknown: {
    title: 'answers 404 to an id that does not exist',
    run: async (endpoint) => {
      const reply = await endpoint.send('/v1/models/no-such-model-7')
      need(reply.status === 404, `the status is ${reply.status}`)
      return partialUnless(errorOf(reply.json)?.type === 'not_found_error', 'another error')
    },
  },
  key: {
    mayRefuse: false,
    title: 'does not list models without a valid key',
    run: async (endpoint) => {
      const { status } = await endpoint.send('/v1/models', { headers: { 'x-api-key': 'sk-no' } })
      need(status === 401 || status === 403, `the status is ${status}`)
      return partialUnless(status === 401, '403 instead of 401')
    },
  },
})
