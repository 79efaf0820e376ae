/** Begins to record a request that has opted in. */
import type { ClientRequest } from '../request/request.ts'
import { toRecordMode } from './policy.ts'
import type { Recorder } from './recorder.ts'

/** Resolves to what follows the response; undefined, without a promise, for a request that is not recorded. */
export function startRecording(
  request: ClientRequest,
  writeLog: (line: object) => void,
): Promise<Recorder> | undefined {
  const { recording } = request.catalog
  if (recording === undefined) {
    return undefined
  }
  const mode = toRecordMode(request.catalog, request)
  if (mode === 'none' || !isSampled(recording.sample)) {
    return undefined
  }
  const options = { mode, redactions: recording.redact, writeLog }
  return import('./recorder.ts').then(({ Recorder }) => new Recorder(request, options))
}

/** Whether a request is one of the share that is recorded. */
function isSampled(share = 1): boolean {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1))
  return random < share * 2 ** 32
}
