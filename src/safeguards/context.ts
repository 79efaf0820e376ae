/**
 * A client's description of its environment for the safety check: an open object that changes with
 * its releases.
 */
import type { JsonObject } from '../anthropic/json.ts'
import { asArray, asObject, asString } from '../anthropic/json.ts'

const check = 'dangerous_tool_use'

/** The context of the check that a request's `safeguards` ask for; undefined where they ask for none. */
export function findContext(safeguards: unknown): JsonObject | undefined {
  const entry = asArray(safeguards)
    .map(asObject)
    .find((candidate) => candidate?.['type'] === check)
  return entry && (asObject(entry['classifier_context']) ?? {})
}

/** What a classifier needs of the context. Whole lists or none: a rule that is left out could be the one that decides. */
export function toEnvironment(context: JsonObject): JsonObject {
  const rules = asObject(context['rules'])
  return {
    permission_mode: context['permission_mode'],
    platform: context['platform'],
    working_directory: context['live_cwd'],
    home_directory: context['home_dir'],
    trusted_directories: trustedRoots(context),
    trusted_network: asObject(context['trusted_directories'])?.['network'],
    git: context['git_state'],
    rules: rules && {
      allow: toRules(rules['allow']),
      deny: toRules(rules['deny']),
      ask: toRules(rules['ask']),
    },
    auto_mode: context['auto_mode'],
  }
}

/** The directories that the user has opened to the agent, as written and with links resolved. */
export function trustedRoots(context: JsonObject): string[] {
  const directories = asObject(context['trusted_directories'])
  const entries = [directories?.['primary'], ...asArray(directories?.['additional'])]
  return entries.flatMap((entry) => {
    const { path, resolved } = asObject(entry) ?? {}
    return [path, ...asArray(resolved)].flatMap((root) => asString(root) ?? [])
  })
}

/** Whether a path such as `auto_mode.soft_deny.0` names a rule of the context. */
export function hasRule(context: JsonObject, path: string): boolean {
  const [group, list, index, ...rest] = path.split('.')
  if (group !== 'auto_mode' || list === undefined || rest.length > 0) {
    return false
  }
  const entries = asArray(asObject(context[group])?.[list])
  return /^(?:0|[1-9]\d{0,4})$/.test(index ?? '') && asString(entries[Number(index)]) !== undefined
}

function toRules(list: unknown): unknown[] {
  return asArray(list).map((entry) => asObject(entry)?.['rule'] ?? entry)
}
