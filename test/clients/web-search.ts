/** Real clients that search the web over the demo, whose web is a few fixed pages. */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import Anthropic from '@anthropic-ai/sdk'

import { run } from './process.ts'
import type { Target } from './target.ts'

interface Options {
  /** Packages are kept here from run to run. */
  cache: string
  /** For files of this run. */
  folder: string
}

type Report = (name: string, failure: string | undefined) => void

const page = 'https://demo.example/rome'
const sentence = 'Rome is the capital of Italy.'

/** Runs one case for each kind of client. */
export async function runWebSearch(
  target: Target,
  options: Options,
  report: Report,
): Promise<void> {
  const cases = {
    'sdk-web-search': () => searchWithSdk(target),
    'claude-code-web-search': () => searchWithClaudeCode(target, options),
    'claude-code-web-fetch': () => fetchWithClaudeCode(target, options),
    'ai-sdk-web-search': () => searchWithAiSdk(target, options),
  }
  for (const [name, runCase] of Object.entries(cases)) {
    report(name, await runCase().catch((error: unknown) => String(error)))
  }
}

/** Streamed, non-streaming, and a second turn with all blocks of the first. */
async function searchWithSdk({ url, key, model }: Target): Promise<string | undefined> {
  const client = new Anthropic({ baseURL: url, apiKey: key })
  const user = { role: 'user' as const, content: 'Search the web for the capital of Italy' }
  const tools = [
    { type: 'web_search_20250305' as const, name: 'web_search' as const },
    { type: 'web_fetch_20250910' as const, name: 'web_fetch' as const },
  ]
  const shared = { model, max_tokens: 500, tools }
  const plain = await client.messages.create({ ...shared, messages: [user] })
  const streamed = await client.messages.stream({ ...shared, messages: [user] }).finalMessage()
  for (const { content, usage } of [plain, streamed]) {
    const types = content.map(({ type }) => type).join(' ')
    const cited = content.flatMap((block) => (block.type === 'text' ? (block.citations ?? []) : []))
    const isFound = cited.some(
      (each) =>
        each.type === 'web_search_result_location' &&
        each.url === page &&
        each.cited_text === sentence,
    )
    if (!types.startsWith('server_tool_use web_search_tool_result text') || !isFound) {
      return `not as expected: ${JSON.stringify(content)}`
    }
    if (usage.server_tool_use?.web_search_requests !== 1) {
      return `not counted: ${JSON.stringify(usage)}`
    }
  }
  const next = await client.messages.create({
    ...shared,
    messages: [
      user,
      { role: 'assistant', content: streamed.content },
      { role: 'user', content: `Use the web_fetch tool with this input: {"url":"${page}"}` },
    ],
  })
  const fetched = next.content.find(({ type }) => type === 'web_fetch_tool_result')
  return JSON.stringify(fetched ?? {}).includes(sentence)
    ? undefined
    : `nothing was fetched: ${JSON.stringify(next.content)}`
}

async function searchWithClaudeCode(target: Target, options: Options): Promise<string | undefined> {
  const input = JSON.stringify({ query: 'the capital of Italy' })
  const output = await askClaudeCode(target, options, { tool: 'WebSearch', input })
  return output.includes(`Links: [{\\"title\\":\\"Rome\\",\\"url\\":\\"${page}`) &&
    output.includes(sentence)
    ? undefined
    : `no results: ${output.slice(-2000)}`
}

/** The page is fetched by Claude Code itself, which there is no network for: only its request can be seen. */
async function fetchWithClaudeCode(target: Target, options: Options): Promise<string | undefined> {
  const input = JSON.stringify({ url: page, prompt: 'What is it about?' })
  const output = await askClaudeCode(target, options, { tool: 'WebFetch', input })
  return output.includes('"type":"result"') && output.includes('"name":"WebFetch"')
    ? undefined
    : `no end: ${output.slice(-2000)}`
}

async function askClaudeCode(
  { url, key, model }: Target,
  { cache, folder }: Options,
  { tool, input }: { tool: string; input: string },
): Promise<string> {
  const home = await mkdtemp(join(folder, 'home-'))
  const work = join(home, 'work')
  await mkdir(work)
  const prompt = `Use the ${tool} tool with this input: ${input}`
  const { stdout, stderr } = await run({
    program: join(cache, 'claude-code/node_modules/.bin/claude'),
    args: [
      '-p',
      prompt,
      ...`--model ${model} --allowedTools ${tool} --output-format stream-json --verbose`.split(' '),
    ],
    cwd: work,
    env: {
      HOME: home,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '2',
      // The demo calls only tools whose definition it is given.
      ENABLE_TOOL_SEARCH: 'false',
    },
  })
  return stdout + stderr
}

const aiSdkScript = `
import { createAnthropic } from '@ai-sdk/anthropic'
import { streamText, stepCountIs } from 'ai'
const anthropic = createAnthropic({ baseURL: process.env.BASE_URL + '/v1', apiKey: process.env.API_KEY })
const result = streamText({
  model: anthropic(process.env.MODEL),
  prompt: 'Search the web for the capital of Italy',
  tools: { web_search: anthropic.tools.webSearch_20250305({ maxUses: 2 }) },
  stopWhen: stepCountIs(3),
})
for await (const part of result.fullStream) if (part.type === 'error') throw part.error
console.log(JSON.stringify({ text: await result.text, sources: await result.sources }))
`

async function searchWithAiSdk(
  { url, key, model }: Target,
  { cache }: Options,
): Promise<string | undefined> {
  const script = join(cache, 'ai-sdk', 'web-search.mjs')
  await writeFile(script, aiSdkScript)
  const { stdout, stderr } = await run({
    program: join(cache, 'node24/node_modules/.bin/node'),
    args: [script],
    cwd: join(cache, 'ai-sdk'),
    env: { BASE_URL: url, API_KEY: key, MODEL: model },
  })
  return stdout.includes(page) && stdout.includes(sentence) ? undefined : stdout + stderr
}
