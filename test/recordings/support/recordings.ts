/**
 * Recorded answers of real providers. They lie beside the checkout and are not part of it; where they
 * are absent the tests say so and pass.
 */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const defaultFolder = fileURLToPath(new URL('../../../../shared/recordings', import.meta.url).href)

const folder = process.env['RECORDINGS'] ?? defaultFolder

export interface Recording {
  file: string
  kind: 'stream' | 'json' | 'error' | 'models'
  provider: string
  dialect: string
  model: string
  status: number
  shows: string[]
  expected: Expected
  response_headers: Record<string, string>
}

/** What the upstream said, computed from the recording alone. */
export interface Expected {
  text: string
  reasoning: string
  tool_calls: { id: string | null; name: string; args: unknown; args_raw: string }[]
  /** Of the Responses API: the status. */
  finish_reason: string | null
  incomplete_details?: { reason?: string } | null
  usage: {
    prompt: number | null
    completion: number | null
    total: number | null
    cached: number | null
    cache_write: number | null
    reasoning: number | null
  } | null
  error?: { message: string; type?: string | null; code?: string | number | null }
  refusal?: string
}

/** Empty where there are none, with one line that says so. */
export function loadRecordings(dialect: string): Recording[] {
  const index = `${folder}/index.json`
  if (!existsSync(index)) {
    // oxlint-disable-next-line no-console -- the one line that tells why nothing was compared
    console.warn(`no recordings at ${folder}: skipped (set RECORDINGS to their folder)`)
    return []
  }
  const all = JSON.parse(readFileSync(index, 'utf8')) as Recording[]
  return all.filter((recording) => recording.dialect === dialect)
}

export function readRecording({ file }: Recording): Uint8Array {
  return readFileSync(`${folder}/${file}`)
}
