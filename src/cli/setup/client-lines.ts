/** What the setup prints at its end: how each client reaches the gateway. */
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { claudeCodeLine } from '../first-run/start-message.ts'

/** What a client's configuration is written from: base URL, key, model and catalog. */
export interface ClientLines {
  url: string
  /** A key with the scope `inference`, or its placeholder. */
  key: string
  /** A name that the gateway answers to. */
  model: string
  catalog: Catalog
}

/** A block of lines for each client. */
export function describeClients({ url, key, model, catalog }: ClientLines): string {
  const request = `{"model":"${model}","max_tokens":256,"messages":[{"role":"user","content":"Hello"}]}`
  return `Claude Code
  ${claudeCodeLine(catalog, { url, key, model })}

Anthropic's SDKs (Python, TypeScript, …) and LangChain
  ANTHROPIC_BASE_URL=${url} ANTHROPIC_API_KEY=${key}

AI SDK
  createAnthropic({ baseURL: '${url}/v1', apiKey: '${key}' })

curl
  curl ${url}/v1/messages -H 'x-api-key: ${key}' -H 'content-type: application/json' -d '${request}'

In any of them: model ${model}. docs/guides/clients.md has more clients and settings.

Console, with the admin key
  ${url}/console`
}
