/** A check of the Messages API: what it asks of an endpoint, and what it can find. */
import type { JsonObject } from '../../anthropic/json.ts'
import type { Endpoint, HeaderFields } from './endpoint/endpoint.ts'
import type { Finding, Tokens } from './finding.ts'
import { need } from './finding.ts'

/**
 * One check. `about` lists the fields and headers whose rejection means that the endpoint does not support its
 * subject.
 */
export interface Check {
  /** The subject and a name: `tools.parallel`. */
  id: string
  /** What the endpoint does if the check is `full`, as a sentence. */
  title: string
  /**
   * Whether a clean refusal is an answer, because models and gateways may lack the feature. Elsewhere it is a
   * failure.
   */
  mayRefuse: boolean
  /** Request fields whose reported adaptation concerns this check, by the start of their path. */
  about: readonly string[]
  /** Whether it needs an upstream that fails on request (`--faults`). */
  needsFaults: boolean
  /** Tokens that it uses, for the estimate before a run. */
  tokens: Tokens
  /** Returns a finding, or nothing for `full`; throws a CheckFailure. */
  run: (endpoint: Endpoint) => Promise<Finding | undefined | void>
}

/** The checks of one subject, in the order of the published list. */
export interface Subject {
  name: string
  /** Heading of the subject in reports. */
  title: string
  checks: readonly Check[]
}

/** What a subject may say once for all its checks. */
type Shared = Partial<Pick<Check, 'mayRefuse' | 'about' | 'needsFaults' | 'tokens'>>

/** Defines the checks of a subject, by name. */
export function defineSubject(
  { name, title, ...shared }: Pick<Subject, 'name' | 'title'> & Shared,
  definitions: Record<string, Pick<Check, 'title' | 'run'> & Shared>,
): Subject {
  const checks = Object.entries(definitions).map(([check, definition]) => ({
    id: `${name}.${check}`,
    mayRefuse: false,
    about: [],
    needsFaults: false,
    tokens: { input: 150, output: 100 },
    ...shared,
    ...definition,
  }))
  return { name, title, checks }
}

/** A run that asks for a message, and expects a word in its text. */
export function expectText(
  word: string,
  fields: JsonObject,
  otherwise = 'the answer is not the requested text',
  headers: HeaderFields = {},
): Check['run'] {
  return async (endpoint) => {
    const { text } = await endpoint.ask(fields, headers)
    need(text.includes(word), otherwise)
  }
}
