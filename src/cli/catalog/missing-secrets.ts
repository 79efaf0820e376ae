/** Secrets that the catalog names and that are not set. */
import * as z from 'zod/mini'

import { parseJson } from '../../anthropic/json.ts'
import { toResolvedTarget } from '../../catalog/resolve/resolved-target.ts'
import type { Catalog } from '../../catalog/schema/catalog.ts'
import { UserError } from '../platform/run-command.ts'
import { describeFailure } from '../platform/wrangler-error.ts'
import type { RunWrangler } from '../platform/wrangler.ts'
import { registries } from './catalog-file.ts'

/** Secrets of which none is set, and what needs one of them: models, `alerts`, and providers of sign-in. */
export interface MissingSecrets {
  secrets: readonly string[]
  neededBy: string[]
}

/** Finds what lacks all of its secrets. `has`: undefined for a secret that is not set. */
export function findMissing(catalog: Catalog, has: (name: string) => unknown): MissingSecrets[] {
  const found = new Map<string, MissingSecrets>()
  for (const model of catalog.models) {
    for (const target of model.targets) {
      const { secrets } = toResolvedTarget(catalog, registries, model, target)
      const isMissing = secrets.length > 0 && secrets.every((name) => has(name) === undefined)
      const known = found.get(secrets.join()) ?? { secrets, neededBy: [] }
      if (isMissing && !known.neededBy.includes(model.id)) {
        known.neededBy.push(model.id)
        found.set(secrets.join(), known)
      }
    }
  }
  for (const { url_secret: url, signing_secret: signing = url } of catalog.alerts ?? []) {
    for (const name of new Set([url, signing])) {
      if (has(name) === undefined) {
        found.set(name, { secrets: [name], neededBy: ['alerts'] })
      }
    }
  }
  return [...found.values(), ...findMissingForSignIn(catalog, has)]
}

function findMissingForSignIn(
  { identity }: Catalog,
  has: (name: string) => unknown,
): MissingSecrets[] {
  return Object.entries(identity?.providers ?? {}).flatMap(([name, { secret }]) =>
    secret === undefined || has(secret) !== undefined
      ? []
      : [{ secrets: [secret], neededBy: [`sign-in by ${name}`] }],
  )
}

const secretList = z.array(z.object({ name: z.string() }))

/** The names of the deployed Worker's secrets. Throws a UserError if Wrangler does not list them. */
export async function listSecretNames(run: RunWrangler): Promise<ReadonlySet<string>> {
  const finished = await run(['secret', 'list', '--format', 'json'])
  const list = secretList.safeParse(parseJson(finished.stdout)).data
  if (finished.code !== 0 || list === undefined) {
    throw new UserError(
      describeFailure('Listing the secrets of the Worker', 'Workers Scripts: Edit', finished),
    )
  }
  return new Set(list.map(({ name }) => name))
}

/** The secrets of the deployed Worker; undefined if Wrangler does not list them. */
export async function readDeployedSecrets(
  run: RunWrangler,
): Promise<((name: string) => true | undefined) | undefined> {
  try {
    const names = await listSecretNames(run)
    return (name) => (names.has(name) ? true : undefined)
  } catch (error) {
    if (error instanceof UserError) {
      return undefined
    }
    throw error
  }
}
