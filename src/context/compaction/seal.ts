/**
 * The seal of a compaction, by which the gateway knows its own and notices changes: `gw1.` and the base64url of
 * two digests. It is no secret, since a client may write anything into a conversation anyway
 * (docs/decisions/015 and 016).
 */
import type { JsonObject } from '../../anthropic/json.ts'
import { asObject, asString, parseJson } from '../../anthropic/json.ts'
import { fromBase64Url, toBase64Url } from '../../platform/bytes.ts'

/** A hash of a text, the same in every isolate. */
export type Digest = (text: string) => Promise<string>

const prefix = 'gw1.'

/** What a seal covers: the summary, and the changes of tools that the block carries. */
export interface SealedContent {
  content: string
  tool_changes: unknown
}

/** Seals a compaction. Resolves to the text of its `encrypted_content`. */
export async function seal(sealed: SealedContent, digest: Digest): Promise<string> {
  const [c, t] = await digestBoth(sealed, digest)
  return prefix + toBase64Url(JSON.stringify({ c, t }))
}

/** The seal of a block; undefined for blocks that the gateway did not make. */
export function findSeal(block: JsonObject): string | undefined {
  return [block['signature'], block['encrypted_content']]
    .map(asString)
    .find((text) => text?.startsWith(prefix))
}

/** What is wrong with a block that has a seal; undefined if nothing is. */
export async function findChange(
  text: string,
  sealed: SealedContent,
  digest: Digest,
): Promise<'signature' | 'content' | 'tool_changes' | undefined> {
  const known = open(text)
  if (known === undefined) {
    return 'signature'
  }
  const [c, t] = await digestBoth(sealed, digest)
  if (known.c !== c) {
    return 'content'
  }
  return known.t === t ? undefined : 'tool_changes'
}

function digestBoth(
  { content, tool_changes }: SealedContent,
  digest: Digest,
): Promise<[string, string]> {
  return Promise.all([digest(content), digest(JSON.stringify(tool_changes ?? []))])
}

function open(text: string): { c: string; t: string } | undefined {
  try {
    const { c, t } = asObject(parseJson(fromBase64Url(text.slice(prefix.length)))) ?? {}
    return typeof c === 'string' && typeof t === 'string' ? { c, t } : undefined
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) {
      return undefined
    }
    throw error
  }
}
