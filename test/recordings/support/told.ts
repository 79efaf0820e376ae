/** What a client hears of a recorded answer, through everything between the bytes and the message. */
import type { Failure } from '../../../src/anthropic/error.ts'
import { foldMessage } from '../../../src/anthropic/fold.ts'
import type { Message } from '../../../src/anthropic/message.ts'
import type { BoundDialect } from '../../../src/dialects/dialect.ts'
import type { ReencoderOptions } from '../../../src/upstream/reencoder.ts'
import { createReencoder, readWhole } from '../../../src/upstream/reencoder.ts'

export interface Told {
  failure: Failure | undefined
  message: Message | undefined
}

export function tellWhole(bytes: Uint8Array, dialect: BoundDialect): Told {
  const { events, answer } = readWhole(bytes, options(dialect))
  const { failure } = answer
  return { failure, message: failure === undefined ? foldMessage(events) : undefined }
}

/** The text on the wire, for a body that arrives in pieces of these lengths, over and over. */
export function tellPieces(
  bytes: Uint8Array,
  dialect: BoundDialect,
  lengths: readonly number[],
): string {
  const reencoder = createReencoder(options(dialect))
  let text = ''
  let start = 0
  for (let turn = 0; start < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? bytes.length
    text += reencoder.feed(bytes.subarray(start, start + length))
    start += length
  }
  return text + reencoder.finish()
}

function options(dialect: BoundDialect): ReencoderOptions {
  let ids = 0
  return {
    dialect,
    provider: 'lab',
    context: { toolNames: new Map(), newToolId: () => `toolu_${ids++}` },
    id: 'msg_test',
    model: 'claude-test',
    requestId: 'req_test',
    estimatedInput: () => 7,
    enforceStops: [],
  }
}
