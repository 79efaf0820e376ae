/** Official SDKs that name a real MCP server, whose tools the demo calls. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import Anthropic from '@anthropic-ai/sdk'

import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import type { RunningMcpServer } from '../support/mcp-server.ts'
import { startMcpServer } from '../support/mcp-server.ts'
import { run } from './process.ts'
import { root, startGateway } from './target.ts'

interface Options {
  /** For files of this run. */
  folder: string
  model: string
  /** The Python that has the official SDK. */
  interpreter: string
}

type Report = (name: string, failure: string | undefined) => void

const token = 'caller-token'
const expected = 'mcp_tool_listing mcp_tool_use mcp_tool_result text'

/** Runs each SDK over each transport, against a gateway that may call servers on this machine. */
export async function runMcp(options: Options, report: Report): Promise<void> {
  const servers = {
    http: await startMcpServer({ token }),
    sse: await startMcpServer({ token, transport: 'sse' }),
  }
  const catalog = join(options.folder, 'mcp.json')
  await writeFile(catalog, JSON.stringify(await toCatalog(Object.values(servers))))
  const gateway = await startGateway(catalog)
  try {
    for (const [transport, { origin }] of Object.entries(servers)) {
      const asked = { ...options, ...gateway, server: `${origin}/mcp` }
      report(`sdk-mcp (${transport})`, await askWithSdk(asked).catch(String))
      report(`python-mcp (${transport})`, await askWithPython(asked).catch(String))
    }
  } finally {
    await gateway.stop()
    await Promise.all(Object.values(servers).map((server) => server.close()))
  }
}

interface Asked extends Options {
  url: string
  key: string
  server: string
}

const input = { a: 20, b: 22 }
const prompt = `Use the mcp__calc__add tool with this input: ${JSON.stringify(input)}`

/** Streamed, non-streaming, and a second turn with all blocks of the first. */
async function askWithSdk({ url, key, model, server }: Asked): Promise<string | undefined> {
  const client = new Anthropic({ baseURL: url, apiKey: key })
  const shared = {
    model,
    max_tokens: 500,
    betas: ['mcp-client-2026-09-15'],
    mcp_servers: [{ type: 'url' as const, url: server, name: 'calc', authorization_token: token }],
    tools: [{ type: 'mcp_toolset' as const, mcp_server_name: 'calc' }],
  }
  const user = { role: 'user' as const, content: prompt }
  const plain = await client.beta.messages.create({ ...shared, messages: [user] })
  const streamed = await client.beta.messages.stream({ ...shared, messages: [user] }).finalMessage()
  for (const { content } of [plain, streamed]) {
    const result = content.find((block) => block.type === 'mcp_tool_result')
    if (content.map(({ type }) => type).join(' ') !== expected || !hasSum(result?.content)) {
      return `not as expected: ${JSON.stringify(content)}`
    }
  }
  const messages = [user, { role: 'assistant' as const, content: streamed.content }, user]
  const next = await client.beta.messages.create({ ...shared, messages })
  const types = next.content.map(({ type }) => type).join(' ')
  return types === 'mcp_tool_use mcp_tool_result text' ? undefined : `not continued: ${types}`
}

function hasSum(content: unknown): boolean {
  return JSON.stringify(content).includes('"42"')
}

async function askWithPython({
  url,
  key,
  model,
  server,
  interpreter,
}: Asked): Promise<string | undefined> {
  const program = await readFile(join(import.meta.dirname, 'mcp.py'), 'utf8')
  const { code, stdout, stderr } = await run({
    program: interpreter,
    args: ['-c', program],
    env: {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      MODEL: model,
      MCP_SERVER: server,
      MCP_TOKEN: token,
      PROMPT: prompt,
    },
  })
  const types = stdout.trim().split('\n')
  return code === 0 && types.length === 2 && types.every((line) => line === `${expected} 42`)
    ? undefined
    : `exit ${code}: ${stdout} ${stderr}`
}

async function toCatalog(servers: readonly RunningMcpServer[]): Promise<Catalog> {
  const shipped: Catalog = JSON.parse(await readFile(join(root, 'catalog.json'), 'utf8'))
  const mcp = { origins: servers.map(({ origin }) => origin) }
  return { ...shipped, server_tools: { ...shipped.server_tools, mcp } }
}
