/** Items of the history in the form of output items, for providers that require it. */
import type { InputItem } from '../wire.ts'

/**
 * Converts an item. Its id is its index, so that the same conversation has the same ids and prefix
 * caches hit.
 */
export function toOutputItem(item: InputItem, index: number): InputItem {
  if (item.type === 'function_call') {
    return { ...item, id: `fc_${index}`, status: 'completed' }
  }
  if (item.type === 'reasoning') {
    return { ...item, id: item.id ?? `rs_${index}` }
  }
  if (item.type === 'message' && item.role === 'assistant' && typeof item.content === 'string') {
    const { content: text, ...message } = item
    return {
      ...message,
      id: `msg_${index}`,
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    }
  }
  return item
}
