/** Runs checks on an endpoint, a few at a time, and judges what they find. */
import type { Check } from './check.ts'
import type { Access } from './endpoint/endpoint.ts'
import { Endpoint } from './endpoint/endpoint.ts'
import type { Evidence } from './endpoint/evidence.ts'
import { Rejection } from './endpoint/reply.ts'
import type { Finding, Status, Tokens } from './finding.ts'
import { CheckFailure, excerpt, MalformedAnswer, skipped } from './finding.ts'

/** The result of one check, with what it used; the duration is in milliseconds. */
export interface CheckResult {
  id: string
  title: string
  status: Status
  note: string
  requests: number
  tokens: Tokens
  /** Milliseconds. */
  duration: number
}

/** How checks are run: on which endpoint, how many at a time, and up to which use of tokens. */
export interface RunOptions {
  access: Access
  /** Whether the upstream fails on request. */
  faults: boolean
  concurrency: number
  /** Whether the tokens used so far allow another check. */
  mayGoOn: (used: Tokens) => boolean
  onResult: (result: CheckResult) => void
  /** Milliseconds of a clock. */
  now: () => number
}

/** Runs the checks; the results are in the order of the list. */
export async function runChecks(
  checks: readonly Check[],
  options: RunOptions,
): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const used: Tokens = { input: 0, output: 0 }
  const queue = [...checks.entries()]
  const work = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, check] = next
      const result = await runCheck(check, options, options.mayGoOn(used))
      used.input += result.tokens.input
      used.output += result.tokens.output
      results[at] = result
      options.onResult(result)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return results
}

async function runCheck(
  check: Check,
  { access, faults, now }: RunOptions,
  isAffordable: boolean,
): Promise<CheckResult> {
  const endpoint = new Endpoint(access)
  const began = now()
  const reason = check.needsFaults && !faults ? 'needs --faults' : undefined
  const finding =
    reason === undefined && isAffordable
      ? await judge(check, endpoint)
      : skipped(reason ?? 'the limit of --max-cost is reached')
  return {
    id: check.id,
    title: check.title,
    ...finding,
    note: excerpt(finding.note),
    requests: endpoint.evidence.requests,
    tokens: endpoint.evidence.tokens,
    duration: Math.round(now() - began),
  }
}

/** Runs one check; its finding takes into account what the answers reported. */
async function judge(check: Check, endpoint: Endpoint): Promise<Finding> {
  try {
    return withReported(
      (await check.run(endpoint)) ?? { status: 'full', note: '' },
      check,
      endpoint,
    )
  } catch (error) {
    if (error instanceof Rejection && error.isClean && check.mayRefuse) {
      return { status: 'refused', note: error.message }
    }
    const failed: Finding = { status: 'failed', note: reasonOf(error) }
    // Only what the check found missing can have been reported: not an error, a crash or a broken rule.
    const isMissing = error instanceof CheckFailure && !(error instanceof Rejection)
    return isMissing && !(error instanceof MalformedAnswer)
      ? withReported(failed, check, endpoint)
      : failed
  }
}

/**
 * An answer that reports a difference is honest about it: what works nevertheless is `adapted`; what does not
 * work is `refused` if a field was dropped, and `partial` if it was expressed in another way.
 */
function withReported(finding: Finding, check: Check, { evidence }: Endpoint): Finding {
  const reported = reportedFor(check, evidence)
  if (reported.length === 0 || finding.status === 'skipped') {
    return finding
  }
  const note = [finding.note, reported.map(({ text }) => text).join(', ')]
    .filter((part) => part !== '')
    .join('; reported: ')
  switch (finding.status) {
    case 'full':
      return { status: 'adapted', note }
    case 'failed':
      return {
        status: reported.some(({ action }) => action === 'drop') ? 'refused' : 'partial',
        note,
      }
    default:
      return { ...finding, note }
  }
}

function reportedFor({ about }: Check, { adaptations }: Evidence) {
  const unique = new Map(adaptations.map((each) => [each.text, each]))
  return [...unique.values()].filter(({ field }) =>
    about.some((prefix) => field === prefix || field.startsWith(`${prefix}.`)),
  )
}

function reasonOf(error: unknown): string {
  if (error instanceof CheckFailure) {
    return error.message
  }
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) }
  return name === 'TimeoutError' ? 'timed out' : `${name}: ${message}`
}
