/** Sets the API keys of providers as secrets of the deployed Worker. */
import { listSecretNames } from '../catalog/missing-secrets.ts'
import { UserError } from '../platform/run-command.ts'
import { describeFailure } from '../platform/wrangler-error.ts'
import type { RunWrangler } from '../platform/wrangler.ts'
import type { Questions } from './questions.ts'

/** A secret that a provider needs. */
export interface ProviderSecret {
  name: string
  /** The provider's name, for people: `openai`. */
  provider: string
}

/**
 * How secrets are set: the Wrangler to run, the questions to ask, and where values are found on this machine.
 */
export interface SecretsOptions {
  run: RunWrangler
  questions: Questions | undefined
  /** Returns a secret of the environment or `.dev.vars`; undefined if it is not set there. */
  findSecret: (name: string) => string | undefined
  print: (line: string) => void
}

/**
 * Sets each secret of `known` that this machine has or that is entered, unless the Worker has it
 * already. Returns the values of all that are now set and known here, by name.
 */
export async function setSecrets(
  known: readonly ProviderSecret[],
  { run, questions, findSecret, print }: SecretsOptions,
): Promise<ReadonlyMap<string, string>> {
  const set = await listSecretNames(run)
  const values = new Map<string, string>()
  const put = async (name: string, value: string): Promise<void> => {
    if (!set.has(name)) {
      await putSecret(run, name, value)
      print(`${name} is set.`)
    }
    values.set(name, value)
  }
  const here = known.filter(({ name }) => findSecret(name) !== undefined)
  const isWanted = await choose(here, set, questions)
  for (const { name } of here) {
    const value = findSecret(name)
    if (value !== undefined && isWanted(name)) {
      await put(name, value)
    }
  }
  const others = known.filter((each) => !here.includes(each) && !set.has(each.name))
  for (const { name } of (await questions?.chooseSome(
    'Workers AI needs no key. Which other providers do you have an API key of?',
    others.map((each) => ({ name: `${each.provider} (${each.name})`, value: each })),
  )) ?? []) {
    const value = (await questions?.secret(`${name}:`))?.trim() ?? ''
    if (value !== '') {
      await put(name, value)
    }
  }
  return values
}

/** Asks which of the secrets that were found are to be set; without questions, all are. */
async function choose(
  here: readonly ProviderSecret[],
  set: ReadonlySet<string>,
  questions: Questions | undefined,
): Promise<(name: string) => boolean> {
  const found = here.filter(({ name }) => !set.has(name))
  if (questions === undefined || found.length === 0) {
    return () => true
  }
  const wanted = await questions.chooseSome(
    'These API keys are in the environment or in .dev.vars. Which ones may the gateway use?',
    found.map((each) => ({ name: `${each.provider} (${each.name})`, value: each.name })),
  )
  return (name) => set.has(name) || wanted.includes(name)
}

async function putSecret(run: RunWrangler, name: string, value: string): Promise<void> {
  const finished = await run(['secret', 'put', name], { input: value })
  if (finished.code !== 0) {
    throw new UserError(describeFailure(`Setting ${name}`, 'Workers Scripts: Edit', finished))
  }
}
