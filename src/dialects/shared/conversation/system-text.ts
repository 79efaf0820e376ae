/** The system prompt as blocks, without what is only for Anthropic's servers. */
import type { Report } from '../../../anthropic/report.ts'
import type { TextBlock } from '../../../anthropic/request/content-block.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import type { CacheControl } from './cache-control.ts'

/** A block of the system prompt, with its path in the client's body. */
export interface SystemBlock {
  /** Path of the block in the client's body. */
  path: string
  text: string
  cacheControl?: CacheControl
}

/**
 * Claude Code's attribution: `x-anthropic-billing-header: cc_version=…; cc_entrypoint=…; cch=…;`.
 * It differs in every request, so that a prefix cache after it never hits. Some versions have the
 * prompt on the same line, after the last pair.
 */
const billingHeader =
  /^[ \t]*x-anthropic-billing-header:(?:(?:[ \t]*[\w.-]+=[^;\s]*(?:;|(?=\s|$)))+|[^\n]*)[ \t]*(?:\r?\n)*/gm

/** The text without the attribution header; empty if it had nothing else. */
export function withoutBillingHeader(text: string): string {
  return text.includes('billing-header') ? text.replace(billingHeader, '') : text
}

/** Reads the top-level `system` field, without empty blocks and the attribution. */
export function toSystemBlocks(system: MessagesRequest['system'], report: Report): SystemBlock[] {
  if (system === null || system === undefined) {
    return []
  }
  if (typeof system === 'string') {
    return toBlock('system', system)
  }
  return system.flatMap((block, index) => {
    const path = `system.${index}`
    if (block.type === 'other') {
      report.drop(path)
      return []
    }
    return toBlock(path, block.text, block.cache_control)
  })
}

function toBlock(
  path: string,
  text: string,
  cacheControl?: TextBlock['cache_control'],
): SystemBlock[] {
  const rest = withoutBillingHeader(text)
  if (rest.trim() === '') {
    return []
  }
  return [
    {
      path,
      text: rest,
      ...(cacheControl === null || cacheControl === undefined ? {} : { cacheControl }),
    },
  ]
}
