/** The protocol of a target; code that only some targets need is loaded with the first request to one. */
import { loadDecoder } from '../../streaming/decode/load-decoder.ts'
import type { Attempt, Protocol } from './protocol.ts'
import { TranslatedProtocol } from './translated.ts'

/** Loads the protocol of an attempt's target. */
export async function loadProtocol(attempt: Attempt): Promise<Protocol> {
  const { dialect } = attempt.target
  if (dialect.kind === 'pass-through') {
    const { PassThroughProtocol } = await import('./pass-through.ts')
    return PassThroughProtocol.load(attempt, dialect)
  }
  const loaded = await dialect.load()
  return new TranslatedProtocol(attempt, loaded, await loadDecoder(loaded.framing))
}
