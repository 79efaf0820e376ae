/** The body of a request with the content of the files that it names. */
import { InlineFiles } from '../../files/inline-files.ts'
import { OwnedFiles } from '../../files/owned-files.ts'
import { openStorage } from '../../store/bindings.ts'
import type { Config } from '../config.ts'
import type { RequestBody } from './body.ts'
import { toExact } from './body.ts'
import { maxBodyBytes } from './parse-body.ts'

/**
 * Reads the files of a key that a body names into it. Throws a GatewayError `not_found` without storage, or for a
 * file that the key does not have; `too_large`; `invalid_request` for a file of an unsuitable type.
 */
export async function withFiles(
  body: RequestBody,
  { config, owner }: { config: Config; owner: string },
): Promise<RequestBody> {
  const storage = await openStorage(config, 'Files')
  const files = new InlineFiles(new OwnedFiles(storage, owner), maxBodyBytes)
  await files.load(body.json, async (bytes) => body.hold?.grow(body.byteLength + bytes))
  const text = files.toText(toExact(body))
  const byteLength = new TextEncoder().encode(text).length
  return { ...body, json: files.apply(body.json), text, byteLength }
}
