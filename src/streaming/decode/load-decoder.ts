/** The decoder for what an upstream's events are framed in; the code of rare framings is loaded when it is needed. */
import type { Framing } from '../../dialects/dialect.ts'
import type { Decoder, DecoderSink } from './decoder.ts'
import { SseDecoder } from './sse.ts'

/** Makes the decoder of one body. */
export type CreateDecoder = (sink: DecoderSink) => Decoder

/** The decoder of a framing; no promise where its code is loaded. */
export function loadDecoder(framing: Framing): CreateDecoder | Promise<CreateDecoder> {
  return framing === 'sse' ? createSseDecoder : loadAwsDecoder()
}

function createSseDecoder(sink: DecoderSink): Decoder {
  return new SseDecoder(sink)
}

async function loadAwsDecoder(): Promise<CreateDecoder> {
  const { AwsEventStreamDecoder } = await import('./aws-event-stream.ts')
  return (sink) => new AwsEventStreamDecoder(sink)
}
