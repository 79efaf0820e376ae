/**
 * Programs that the documentation offers, run as they are printed: the scripts in curl/ and python/, and
 * the blocks of its pages between `<!-- test:clients -->` and `<!-- /test:clients -->`. Only address,
 * key and model are filled in.
 */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { run } from './process.ts'
import type { Ended } from './process.ts'
import { root } from './target.ts'
import type { Target } from './target.ts'

export interface Example {
  name: string
  language: 'bash' | 'python' | 'js'
  code: string
}

const pages = ['README.md', 'docs/guides/clients.md', 'docs/guides/batches-and-files.md']

/** All examples, in the order in which they are run. */
export async function examples(target: Target): Promise<Example[]> {
  const scripts = [await scriptsIn('curl', 'bash'), await scriptsIn('python', 'python')]
  const blocks = await Promise.all(pages.map(blocksOf))
  return [...scripts.flat(), ...blocks.flat()].map((example) => ({
    ...example,
    code: fill(example.code, target),
  }))
}

/** Runs one. It must end well and print something. */
export async function runExample(
  { language, code }: Example,
  target: Target,
  python: string,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-example-'))
  // curl reads its defaults here: an error status fails the command as it is printed.
  await writeFile(join(folder, '.curlrc'), 'fail-with-body\nsilent\nshow-error\n')
  const ended = await run({
    ...toCommand(language, code, python),
    env: {
      CURL_HOME: folder,
      ANTHROPIC_BASE_URL: target.url,
      ANTHROPIC_API_KEY: target.key,
      KEY: target.key,
    },
    // Node looks for packages from the folder that it runs in.
    cwd: language === 'js' ? root : folder,
  })
  await rm(folder, { recursive: true, force: true })
  return failureOf(ended)
}

function toCommand(
  language: Example['language'],
  code: string,
  python: string,
): { program: string; args: string[] } {
  switch (language) {
    case 'bash':
      return { program: 'bash', args: ['-euo', 'pipefail', '-c', code] }
    case 'python':
      return { program: python, args: ['-c', code] }
    case 'js':
      return { program: process.execPath, args: ['--input-type=module', '--eval', code] }
  }
}

function failureOf({ code, stdout, stderr }: Ended): string | undefined {
  if (code !== 0) {
    return `exit ${code}: ${stdout} ${stderr}`
  }
  return stdout.trim() === '' ? 'printed nothing' : undefined
}

async function scriptsIn(name: string, language: Example['language']): Promise<Example[]> {
  const folder = join(import.meta.dirname, name)
  const files = (await readdir(folder)).toSorted()
  return Promise.all(
    files.map(async (file) => ({
      name: `${name}-${file.split('.')[0]}`,
      language,
      code: await readFile(join(folder, file), 'utf8'),
    })),
  )
}

async function blocksOf(page: string): Promise<Example[]> {
  const text = await readFile(join(root, page), 'utf8')
  const marked = text.matchAll(/<!-- test:clients -->(.*?)<!-- \/test:clients -->/gs)
  const fences = [...marked].flatMap(([, block = '']) => [
    ...block.matchAll(/```(bash|python|js)\n(.*?)```/gs),
  ])
  return fences.map(([, language, code = ''], index) => ({
    name: `${page}-${index + 1}`,
    language: language === 'python' || language === 'js' ? language : 'bash',
    code,
  }))
}

function fill(code: string, { url, key, model }: Target): string {
  return code
    .replaceAll(/https:\/\/your-custom-endpoint\.com|http:\/\/(127\.0\.0\.1|localhost):8787/g, url)
    .replaceAll('your-api-key', key)
    .replaceAll('your-model-name', model)
}
