import { foldMessage } from '../../../src/anthropic/answer/fold.ts'
import type { Message } from '../../../src/anthropic/answer/message.ts'
/** What a client hears of an upstream's answer, through everything between the bytes and the message. */
import type { Failure } from '../../../src/anthropic/error.ts'
import type { BoundDialect } from '../../../src/dialects/dialect.ts'
import type { ReencoderOptions } from '../../support/reencode.ts'
import { createReencoder, readWhole } from '../../support/reencode.ts'

export interface Told {
  failure: Failure | undefined
  message: Message | undefined
}

/** What the request brought about. */
export interface Asked {
  toolNames?: ReadonlyMap<string, string>
  enforceStops?: readonly string[]
}

export function tellWhole(bytes: Uint8Array, dialect: BoundDialect, asked?: Asked): Told {
  const { events, answer } = readWhole(bytes, options(dialect, asked))
  const { failure } = answer
  return { failure, message: failure === undefined ? foldMessage(events) : undefined }
}

/** The text on the wire, for a body that arrives in pieces of these lengths, over and over. */
export function tellPieces(
  bytes: Uint8Array,
  dialect: BoundDialect,
  lengths: readonly number[],
  asked?: Asked,
): string {
  const reencoder = createReencoder(options(dialect, asked))
  let text = ''
  let start = 0
  for (let turn = 0; start < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? bytes.length
    text += reencoder.feed(bytes.subarray(start, start + length))
    start += length
  }
  return text + reencoder.finish()
}

function options(
  dialect: BoundDialect,
  { toolNames = new Map(), enforceStops = [] }: Asked = {},
): ReencoderOptions {
  let ids = 0
  return {
    dialect,
    provider: 'lab',
    context: { toolNames, newToolId: () => `toolu_${ids++}` },
    id: 'msg_0',
    model: 'claude-sonnet-4-6',
    requestId: 'req_0',
    estimatedInput: () => 100,
    enforceStops,
  }
}
