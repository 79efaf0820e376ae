/** `cache_control` for upstreams that cache automatically or not at all. */
import type { Report } from '../../../anthropic/report.ts'
import type { TextBlock } from '../../../anthropic/request/content-block.ts'
import type { MessagesRequest } from '../../../anthropic/request/request.ts'

/** A request to cache the prompt up to this place. */
export type CacheControl = NonNullable<TextBlock['cache_control']>

/** Reports every `cache_control` of a request as ignored. */
export function ignoreCacheControl(request: MessagesRequest, report: Report): void {
  const visit = (holder: object, path: string): void => {
    if (
      'cache_control' in holder &&
      holder.cache_control !== null &&
      holder.cache_control !== undefined
    ) {
      report.ignore(path === '' ? 'cache_control' : `${path}.cache_control`)
    }
  }
  visit(request, '')
  visitAll(request.system, 'system', visit)
  ignoreToolCacheControl(request, report)
  for (const [index, { content }] of request.messages.entries()) {
    visitAll(content, `messages.${index}.content`, visit)
  }
}

/** Reports every `cache_control` of the tools as ignored. */
export function ignoreToolCacheControl({ tools }: MessagesRequest, report: Report): void {
  for (const [index, tool] of (tools ?? []).entries()) {
    const mark = 'custom' in tool ? tool.custom.cache_control : tool.anthropic.raw['cache_control']
    if (mark !== null && mark !== undefined) {
      report.ignore(`tools.${index}.cache_control`)
    }
  }
}

function visitAll(
  blocks: string | readonly object[] | Record<string, unknown> | null | undefined,
  path: string,
  visit: (holder: object, path: string) => void,
): void {
  if (!Array.isArray(blocks)) {
    return
  }
  for (const [index, block] of blocks.entries()) {
    const at = `${path}.${index}`
    visit(block, at)
    if ('content' in block) {
      visitAll(block.content, `${at}.content`, visit)
    }
  }
}
