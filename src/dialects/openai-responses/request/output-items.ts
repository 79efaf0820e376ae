/** Items of the history as the API itself would have handed them out, for providers that ask for it. */
import type { InputItem } from '../wire.ts'

/** Ids are counted: the same conversation gives the same ones, so that prefix caches hit. */
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
