/** A tool's result that is an error, for upstreams that have no flag for it. */
import type { Content } from './content.ts'
import type { ToolResult } from './turns.ts'

/** The result's content, which says so itself where the call failed. */
export function withErrorMark({ path, content, isError }: ToolResult): Content[] {
  if (!isError) {
    return content
  }
  const [first, ...rest] = content
  return first?.type === 'text'
    ? [{ ...first, text: `Error: ${first.text}` }, ...rest]
    : [{ type: 'text', path, text: 'Error: the tool failed.' }, ...content]
}
