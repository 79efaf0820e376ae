/** What the ledger is told of a request that has ended. */
import type { Usage } from '../../anthropic/answer/message.ts'
import type { TokenUsage } from '../../anthropic/answer/part.ts'
import type { LogLine } from '../../http/middleware/log.ts'
import type { KeyRecord } from '../../keys/record.ts'
import type { Settlement } from '../../ledger/client.ts'
import { toPrice } from '../../ledger/money.ts'
import type { Charge } from '../../ledger/protocol.ts'
import type { Account, Asked } from './account.ts'

export interface Ended {
  id: string
  key: KeyRecord
  headers: Headers
  account: Account
  asked: Asked
  line: LogLine
  /** Of the answer. */
  status: number
}

interface Used {
  usage: TokenUsage
  /** Whether the upstream reported it. */
  estimated: boolean
}

const charactersPerToken = 4

const nothing: TokenUsage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, thinking: 0 }

/**
 * What the upstream reported; else, where it had taken the request, an estimate of what was sent and
 * told; else nothing, and all that was reserved goes back.
 */
export function toSettlement(ended: Ended): Settlement {
  const used = toUsed(ended)
  const charge = toCharge(ended, used ?? { usage: nothing, estimated: false })
  return used === undefined ? { unused: charge } : { used: charge }
}

function toUsed({ asked, line }: Ended): Used | undefined {
  if (asked.kind === 'count_tokens') {
    return { usage: nothing, estimated: false }
  }
  const { usage, ending, target, toldCharacters = 0 } = line
  const reported = usage && toTokenUsage(usage)
  if (reported !== undefined && ending === 'complete') {
    return { usage: reported, estimated: false }
  }
  const wasTaken = toldCharacters > 0 || (ending === 'left' && target !== undefined)
  if (!wasTaken) {
    return undefined
  }
  const known = reported ?? { ...nothing, input: asked.estimateInput() }
  const output = Math.max(known.output, Math.ceil(toldCharacters / charactersPerToken))
  return { usage: { ...known, output }, estimated: true }
}

function toCharge(
  { id, key, headers, account, asked, line, status }: Ended,
  { usage, estimated }: Used,
): Charge {
  const error = toErrorType(line, status)
  const session = headers.get('x-claude-code-session-id')
  const agent = headers.get('x-claude-code-agent-id')
  return {
    id,
    kind: asked.kind,
    at: account.startedAt,
    model: asked.model,
    provider: line.provider ?? line.target?.split('/', 1)[0] ?? '',
    usage,
    cost: toPrice(asked.price, usage),
    estimated,
    ...(error === undefined ? {} : { error }),
    adaptations: line.adaptations?.length ?? 0,
    ...(key.last_four === undefined ? {} : { lastFour: key.last_four }),
    ...(session === null ? {} : { session }),
    ...(agent === null ? {} : { agent }),
  }
}

function toTokenUsage(usage: Usage): TokenUsage {
  return {
    input: usage.input_tokens,
    output: usage.output_tokens,
    cacheRead: usage.cache_read_input_tokens,
    cacheWrite: usage.cache_creation_input_tokens,
    thinking: usage.output_tokens_details?.thinking_tokens ?? 0,
  }
}

/** As the client heard it. */
function toErrorType({ errorType, ending }: LogLine, status: number): string | undefined {
  if (ending === 'left') {
    return 'client_left'
  }
  const type = errorType?.split(': ').at(-1)
  return type ?? (status >= 400 ? `status_${status}` : undefined)
}
