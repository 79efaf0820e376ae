/**
 * Claude Code's auto mode over the demo, with a scripted classifier: a call that it does not flag runs, one that it
 * flags does not.
 */
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

import type { Catalog } from '../../src/catalog/schema/catalog.ts'
import { runDrivers } from './drivers.ts'
import { run } from './process.ts'
import { root, startGateway } from './target.ts'

/** A call whose command contains this word is flagged. */
const flaggedWord = 'FLAG-THIS'

interface Options {
  /** Packages are kept here from run to run. */
  cache: string
  /** For files of this run. */
  folder: string
  model: string
}

type Report = (name: string, failure: string | undefined) => void

/** Runs both cases against a gateway of their own. */
export async function runAutoMode(
  { cache, folder, model }: Options,
  report: Report,
): Promise<void> {
  const judge = createServer(classifyCalls)
  judge.listen(0, '127.0.0.1')
  await once(judge, 'listening')
  const { port } = judge.address() as AddressInfo
  const catalog = join(folder, 'auto-mode.json')
  await writeFile(catalog, JSON.stringify(await toCatalog(port)))
  const gateway = await startGateway(catalog)
  try {
    const names = ['claude-code-auto']
    await runDrivers({ ...gateway, model }, { cache, all: false, jobs: 1, names }, report)
    report('claude-code-auto (flagged)', await runFlagged(gateway, { cache, folder, model }))
  } finally {
    await gateway.stop()
    judge.closeAllConnections()
    judge.close()
  }
}

/** Why a flagged call was not denied; undefined where it was. */
async function runFlagged(
  { url, key }: { url: string; key: string },
  { cache, folder, model }: Options,
): Promise<string | undefined> {
  const home = await mkdtemp(join(folder, 'home-'))
  const work = join(home, 'work')
  await mkdir(work)
  const input = { command: `touch ran.txt; echo ${flaggedWord}`, description: 'x' }
  const prompt = `Use the Bash tool with this input: ${JSON.stringify(input)}. Then reply with exactly what the tool returned and nothing else.`
  const { stdout, stderr } = await run({
    program: join(cache, 'claude-code/node_modules/.bin/claude'),
    args: `-p --model ${model} --permission-mode auto --output-format stream-json --verbose`
      .split(' ')
      .toSpliced(1, 0, prompt),
    cwd: work,
    env: {
      HOME: home,
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
      CLAUDE_CODE_MAX_RETRIES: '2',
    },
  })
  const hasRun = await readFile(join(work, 'ran.txt')).then(
    () => true,
    () => false,
  )
  if (hasRun) {
    return 'the call ran'
  }
  return stdout.includes(flaggedExplanation) ? undefined : `no denial: ${stdout}${stderr}`
}

const flaggedExplanation = 'The classifier of the test flags this command.'

/** Speaks chat completions: a verdict for each call that it is shown. */
function classifyCalls(request: IncomingMessage, response: ServerResponse): void {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (piece: string) => (text += piece))
  request.on('end', () => {
    const { messages }: { messages: { role: string; content: string }[] } = JSON.parse(text)
    const question = messages.findLast(({ role }) => role === 'user')?.content ?? ''
    const [, calls = ''] = /<calls>\n(.*)\n<\/calls>/s.exec(question) ?? []
    const verdicts = calls.split('\n').map((line) => {
      const { id }: { id: string } = JSON.parse(line)
      const flagged = line.includes(flaggedWord)
      const explanation = flagged ? flaggedExplanation : 'Nothing is wrong with it.'
      return [id, { explanation, rule: '', flagged }]
    })
    const body = JSON.stringify(Object.fromEntries(verdicts))
    const call = {
      id: 'c',
      type: 'function',
      function: { name: 'report_verdicts', arguments: body },
    }
    const message = { role: 'assistant', content: null, tool_calls: [call] }
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ choices: [{ message, finish_reason: 'tool_calls' }] }))
  })
}

async function toCatalog(port: number): Promise<Catalog> {
  const shipped: Catalog = JSON.parse(await readFile(join(root, 'catalog.json'), 'utf8'))
  const base_url = `http://127.0.0.1:${port}/v1`
  const judge = {
    dialect: 'openai-chat',
    base_url,
    secret: null,
  }
  return {
    ...shipped,
    providers: { ...shipped.providers, judge },
    models: [...shipped.models, { id: 'judge', targets: [{ provider: 'judge', model: 'judge' }] }],
    safeguards: { model: 'judge' },
  }
}
