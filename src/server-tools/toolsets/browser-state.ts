/** The state of the client's browser after a call, as text for a model that knows no such block. */
import type { JsonObject } from '../../anthropic/json.ts'
import { asArray, asCount, asString, isObject } from '../../anthropic/json.ts'

/** `state`: a block `browser_state`. What it breaks at for the cache stays. */
export function renderBrowserState({
  tabs,
  state_changes: changes,
  cache_control,
}: JsonObject): JsonObject {
  const open = asArray(tabs).filter(isObject).map(renderTab)
  const lines = [
    open.length === 0 ? 'No tabs are open.' : 'Open tabs:',
    ...open,
    ...asArray(changes).filter(isObject).map(renderChange),
  ]
  const breakpoint = cache_control === undefined ? {} : { cache_control }
  return { type: 'text', text: lines.join('\n'), ...breakpoint }
}

function renderTab({ tab_id: id, title, url, active }: JsonObject): string {
  const page = [asString(title) ?? '', asString(url) ?? ''].filter((part) => part !== '')
  return `- tab_id ${toName(id)}${active === true ? ' (active)' : ''}: ${page.join(', ') || 'empty'}`
}

function renderChange(change: JsonObject): string {
  const { type, tab_id: tab, download_id: id, url, path, size_bytes: size, error } = change
  const download = `${toName(id)} from ${asString(url) ?? ''}`
  switch (type) {
    case 'tab_opened':
      return `The tab ${toName(tab)} was opened.`
    case 'download_started':
      return `The download ${download} has started.`
    case 'download_completed': {
      const bytes = asCount(size)
      const saved = asString(path)
      return `The download ${download} is complete${bytes === undefined ? '' : `, ${bytes} bytes`}${saved === undefined ? '' : `, saved as ${saved}`}.`
    }
    case 'download_failed':
      return `The download ${download} has failed: ${asString(error) ?? 'unknown reason'}.`
    default:
      return JSON.stringify(change)
  }
}

function toName(id: unknown): string {
  return JSON.stringify(asString(id) ?? '')
}
