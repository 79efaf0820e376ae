/**
 * A catalog whose models all go to a target first that fails every request, a stream only after it
 * has begun: what a client then gets is the work of the second.
 */
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { root } from './target.ts'

export interface FailingTarget {
  /** The file of the catalog. */
  catalog: string
  /** How many requests it has failed. */
  failed: () => number
  stop: () => void
}

// Of a kind that says nothing of a target's health, or it would soon be left alone.
const error = { message: 'The model does not exist', type: 'not_found', code: 'model_not_found' }
const beginning = { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }

/** Starts it, and writes the shipped catalog with it in front into a folder. */
export async function startFailingTarget(folder: string): Promise<FailingTarget> {
  let failed = 0
  const server = createServer((request, response) => {
    failed += 1
    let text = ''
    request.setEncoding('utf8')
    request.on('data', (piece: string) => (text += piece))
    request.on('end', () => fail(response, text.includes('"stream":true')))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const catalog = join(folder, 'catalog.json')
  await writeFile(catalog, JSON.stringify(await readCatalog(port)))
  const stop = (): void => {
    server.closeAllConnections()
    server.close()
  }
  return { catalog, failed: () => failed, stop }
}

function fail(response: ServerResponse, stream: boolean): void {
  if (stream) {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`data: ${JSON.stringify(beginning)}\n\n`)
    response.end(`data: ${JSON.stringify({ error })}\n\n`)
  } else {
    response.writeHead(404, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ error }))
  }
}

async function readCatalog(port: number): Promise<Catalog> {
  const shipped: Catalog = JSON.parse(await readFile(join(root, 'catalog.json'), 'utf8'))
  const first = { provider: 'failing', model: 'none' }
  const base_url = `http://127.0.0.1:${port}/v1`
  return {
    ...shipped,
    providers: {
      ...shipped.providers,
      failing: { dialect: 'openai-chat', base_url, secret: null },
    },
    models: shipped.models.map((model) => ({ ...model, targets: [first, ...model.targets] })),
  }
}
