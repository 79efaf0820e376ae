/** Deploys the Worker, which creates what it is bound to. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import { UserError } from '../platform/run-command.ts'
import { describeFailure } from '../platform/wrangler-error.ts'
import type { RunWrangler } from '../platform/wrangler.ts'
import { deployLinked, isNameTaken } from './link-namespaces.ts'

/** A deployed Worker by its name, and its URL if Wrangler printed one. */
export interface Deployment {
  /** The Worker's name, which differs between environments of wrangler.toml. */
  worker: string
  /** The Worker's first address; undefined if wrangler.toml gives it none. */
  url: string | undefined
}

/**
 * An entry of Wrangler's output file
 * (https://developers.cloudflare.com/workers/wrangler/system-environment-variables).
 */
const deployed = z.object({
  type: z.literal('deploy'),
  worker_name: z.string(),
  targets: z.optional(z.array(z.string())),
})

const permissions = 'Workers Scripts: Edit" or "Workers KV Storage: Edit'

/** Deploys what is checked out, with its KV namespaces. Throws a UserError. */
export async function deploy(run: RunWrangler): Promise<Deployment> {
  const folder = await mkdtemp(join(tmpdir(), 'messages-gateway-'))
  try {
    const file = join(folder, 'output.ndjson')
    const env = { WRANGLER_OUTPUT_FILE_PATH: file }
    const first = await run(['deploy'], { env })
    const finished = isNameTaken(first) ? await deployLinked(run, first, env) : first
    const text = await readFile(file, 'utf8').catch(() => '')
    const entry = text
      .split('\n')
      .map((line) => deployed.safeParse(parseJson(line)).data)
      .find((each) => each !== undefined)
    if (finished.code !== 0 || entry === undefined) {
      throw new UserError(describeFailure('The deployment', permissions, finished))
    }
    if (/Skipping automatic provisioning/.test(finished.stdout + finished.stderr)) {
      throw new UserError(
        'The token may not create KV namespaces. Give it the permission "Workers KV Storage: Edit".',
      )
    }
    const { worker_name: worker, targets = [] } = entry
    return { worker, url: targets.map(toOrigin).find((origin) => origin !== undefined) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The origin of `https://name.acme.workers.dev` and `llm.example.com (custom domain)`; a route has none. */
function toOrigin(target: string): string | undefined {
  const [, domain] = /^(\S+) \(custom domain/.exec(target) ?? []
  return domain === undefined
    ? /^https:\/\/[^/*]+/.exec(target)?.[0]
    : `https://${domain.replace(/^https:\/\//, '')}`
}
