/** The gateway in this process, in front of a scripted upstream of each preset. */
import type { Access } from '../../src/cli/conformance/endpoint/endpoint.ts'
import {
  contextWindow,
  ScriptedUpstream,
} from '../../src/cli/conformance/upstream/scripted-upstream.ts'
import { presets } from '../../src/providers/index.ts'
import type { PresetName } from '../../src/providers/index.ts'
import type { Harness } from '../support/app.ts'
import { createHarness, key } from '../support/app.ts'
import { createAnthropic } from './upstreams/anthropic.ts'
import { answerConverse } from './upstreams/converse.ts'
import { answerWeb } from './upstreams/web.ts'

const upstreamHost = 'up.test'

export interface World {
  access: Access
  /** Whether the upstream fails on request: the demo, which the gateway answers itself, does not. */
  faults: boolean
}

/** Creates the gateway with one model, by that preset. `web`: answers what is not for the upstream. */
export async function createWorld(
  preset: PresetName,
  upstreamModel: string,
  web: (request: Request) => Promise<Response> = answerWeb,
): Promise<World> {
  const isLocal = presets[preset].fetch !== undefined && preset.startsWith('demo')
  const answer = await createUpstream()
  const harness = await createHarness({
    upstream: (request) => (new URL(request.url).hostname === upstreamHost ? answer : web)(request),
    vars: { AI: { run: (name: string, inputs: object) => runOnBinding(answer, name, inputs) } },
    catalog: {
      version: 1,
      providers: {
        up: isLocal
          ? { preset }
          : { preset, base_url: `http://${upstreamHost}/v1`, secret: null, auth: 'none' },
      },
      models: [
        {
          id: 'claude-scripted',
          // The demo has no limit.
          ...(!isLocal && { max_input_tokens: contextWindow }),
          targets: [{ provider: 'up', model: upstreamModel }],
          ...(isLocal && {
            server_tools: { web_search: { back_end: 'demo' }, web_fetch: { back_end: 'demo' } },
          }),
        },
        { id: 'other', targets: [{ provider: 'up', model: upstreamModel }] },
      ],
    },
  })
  return { access: toAccess(harness), faults: !isLocal }
}

function toAccess(harness: Harness): Access {
  return {
    url: 'http://gateway.test',
    key,
    model: 'claude-scripted',
    timeoutMs: 20_000,
    fetch: async (input, init = {}) => {
      const url = new URL(input instanceof Request ? input.url : input)
      // An empty key: none is filled in.
      return harness.request(url.pathname + url.search, { ...init, key: '' })
    },
  }
}

async function createUpstream(): Promise<(request: Request) => Promise<Response>> {
  const scripted = new ScriptedUpstream()
  const anthropic = await createAnthropic(scripted)
  return (request) => {
    const { pathname } = new URL(request.url)
    if (/\/converse(?:-stream)?$/.test(pathname)) {
      return answerConverse(scripted, request)
    }
    return /\/messages(?:\/count_tokens)?$|\/invoke|:\w*[rR]awPredict$/.test(pathname)
      ? anthropic(request)
      : scripted.answer(request)
  }
}

/** Workers AI's binding, whose answers are those of its HTTP API. */
function runOnBinding(
  answer: (request: Request) => Promise<Response>,
  model: string,
  inputs: object,
): Promise<Response> {
  return answer(
    new Request('http://up.test/v1/chat/completions', {
      method: 'POST',
      body: JSON.stringify({ model, ...inputs }),
    }),
  )
}
