/**
 * The rules of compaction blocks that a client sends back, with Anthropic's codes. A block that a `compaction`
 * field asked for has a signature, and stands first and alone; blocks of a trigger stay where they are.
 */
import { invalidAt, invalidRequest } from '../../anthropic/error.ts'
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asObject, asString, isObject } from '../../anthropic/json.ts'
import type { Digest } from './seal.ts'
import { findChange, findSeal } from './seal.ts'

interface PlacedBlock {
  block: JsonObject
  content: string
  path: string
  /** Whether anything but system messages comes before it. */
  isFirst: boolean
  role: unknown
}

/** Throws a GatewayError `invalid_request` for the first block that is not as it was returned, or not where it belongs. */
export async function checkCompactionBlocks(json: JsonObject, digest: Digest): Promise<void> {
  const blocks = listBlocks(asArray(json['messages']))
  const [first, second] = blocks.filter(({ block }) => asString(block['signature']) !== undefined)
  if (second !== undefined) {
    refuse(
      'block_ambiguous',
      second.path,
      'only one `compaction` block is allowed: the last one returned',
    )
  }
  if (first !== undefined && (!first.isFirst || first.role === 'system')) {
    const where = 'a signed `compaction` block must be the first block of the conversation'
    refuse('block_misplaced', first.path, where)
  }
  if (first !== undefined) {
    refuseEdit(json, first.path)
  }
  for (const { block, content, path } of blocks) {
    const text = findSeal(block)
    const sealed = { content, tool_changes: block['tool_changes'] }
    const change = text === undefined ? undefined : await findChange(text, sealed, digest)
    if (change !== undefined) {
      refuse(
        faults[change],
        path,
        `\`${change}\` of the \`compaction\` block was changed after it was returned`,
      )
    }
  }
}

/** Anthropic refuses both kinds of compaction in one conversation. */
function refuseEdit({ context_management: management }: JsonObject, path: string): void {
  const edits = asArray(asObject(management)?.['edits'])
  if (edits.some((edit) => asString(asObject(edit)?.['type'])?.startsWith('compact_') === true)) {
    throw invalidAt(
      path,
      'a signed `compaction` block may not be combined with a `compact_20260112` edit.',
    )
  }
}

const faults = {
  signature: 'signature_invalid',
  content: 'content_mismatch',
  tool_changes: 'tool_changes_mismatch',
} as const

/** Throws a GatewayError with the code `compaction_<code>`. */
export function refuse(code: string, path: string, message: string): never {
  throw invalidRequest(`${path}: ${message}.`, path, `compaction_${code}`)
}

function listBlocks(messages: readonly unknown[]): PlacedBlock[] {
  const first = messages.findIndex((message) => asObject(message)?.['role'] !== 'system')
  return messages.flatMap((message, index) => {
    const { role, content: blocks } = asObject(message) ?? {}
    return asArray(blocks).flatMap((block, at): PlacedBlock[] => {
      const content =
        isObject(block) && block['type'] === 'compaction' ? block['content'] : undefined
      return isObject(block) && typeof content === 'string'
        ? [
            {
              block,
              content,
              path: `messages.${index}.content.${at}`,
              isFirst: index === first && at === 0,
              role,
            },
          ]
        : []
    })
  })
}
