/** The published list of checks. */
import type { Check, Subject } from '../check.ts'
import { media } from './answers/media.ts'
import { streaming } from './answers/streaming.ts'
import { structuredOutput } from './answers/structured-output.ts'
import { text } from './answers/text.ts'
import { thinking } from './answers/thinking.ts'
import { tokens } from './answers/tokens.ts'
import { claudeCode } from './clients/claude-code.ts'
import { sdk } from './clients/sdk.ts'
import { conversations } from './protocol/conversations.ts'
import { errors } from './protocol/errors.ts'
import { faults } from './protocol/faults.ts'
import { models } from './protocol/models.ts'
import { requests } from './protocol/requests.ts'
import { calls } from './tools/calls.ts'
import { results } from './tools/results.ts'
import { serverTools } from './tools/server-tools.ts'

/** All subjects, in the order of the report. */
export const subjects: readonly Subject[] = [
  text,
  streaming,
  calls,
  results,
  thinking,
  media,
  structuredOutput,
  tokens,
  errors,
  faults,
  requests,
  models,
  conversations,
  serverTools,
  claudeCode,
  sdk,
]

/** All checks, in the order of the report. */
export const checks: readonly Check[] = subjects.flatMap((subject) => subject.checks)
