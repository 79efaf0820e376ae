/** Dialects and decoders with their code loaded, for tests that call them without waiting. */
import type { BoundDialect, Framing, LoadableDialect } from '../../src/dialects/dialect.ts'
import { dialects } from '../../src/dialects/index.ts'
import type { CreateDecoder } from '../../src/streaming/decode/load-decoder.ts'
import { loadDecoder } from '../../src/streaming/decode/load-decoder.ts'

const model = { provider: 'lab', model: 'm', limits: {}, takes: {} }

for (const dialect of Object.values(dialects)) {
  await (dialect.kind === 'translated' ? dialect.bind(model, []).load() : dialect.load())
}
const decoders: Record<Framing, CreateDecoder> = {
  sse: await loadDecoder('sse'),
  'aws-event-stream': await loadDecoder('aws-event-stream'),
}

export function loaded(dialect: LoadableDialect): BoundDialect {
  const bound = dialect.load()
  if (bound instanceof Promise) {
    throw new TypeError(`the code of ${dialect.name} is not loaded`)
  }
  return bound
}

export function decoderOf(framing: Framing): CreateDecoder {
  return decoders[framing]
}
