/**
 * Programs that users are told to run, run as they are printed: the scripts in curl/ and python/, and
 * the README's blocks between `<!-- test:clients -->` and `<!-- /test:clients -->`. Only address, key
 * and model are put in.
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
  language: 'bash' | 'python'
  code: string
}

/** All examples, in the order in which they are run. */
export async function examples(target: Target): Promise<Example[]> {
  const scripts = [await scriptsIn('curl', 'bash'), await scriptsIn('python', 'python')]
  const readme = await readFile(join(root, 'README.md'), 'utf8').catch(() => '')
  return [...scripts.flat(), ...blocksOf(readme)].map((example) => ({
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
    program: language === 'python' ? python : 'bash',
    args: language === 'python' ? ['-c', code] : ['-euo', 'pipefail', '-c', code],
    env: {
      CURL_HOME: folder,
      ANTHROPIC_BASE_URL: target.url,
      ANTHROPIC_API_KEY: target.key,
      KEY: target.key,
    },
    cwd: folder,
  })
  await rm(folder, { recursive: true, force: true })
  return failureOf(ended)
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

function blocksOf(readme: string): Example[] {
  const marked = readme.matchAll(/<!-- test:clients -->(.*?)<!-- \/test:clients -->/gs)
  const fences = [...marked].flatMap(([, text = '']) => [
    ...text.matchAll(/```(bash|sh|python)\n(.*?)```/gs),
  ])
  return fences.map(([, language, code = ''], index) => ({
    name: `readme-${index + 1}`,
    language: language === 'python' ? 'python' : 'bash',
    code,
  }))
}

function fill(code: string, { url, key, model }: Target): string {
  return code
    .replaceAll(/https:\/\/your-custom-endpoint\.com|http:\/\/(127\.0\.0\.1|localhost):8787/g, url)
    .replaceAll('your-api-key', key)
    .replaceAll('your-model-name', model)
}
