/** What a call comes to that fails, or is not run. */
import type { ServerResultBlock, ToolSearchError } from '../anthropic/answer/wire/server-tools.ts'
import type { Run } from './tool.ts'

/** The result of a call of `tool` that says why there is none. */
export function toErrorResult<Tool extends string, Code extends string>(
  tool: Tool,
  id: string,
  error_code: Code,
) {
  return {
    type: `${tool}_tool_result` as const,
    tool_use_id: id,
    content: { type: `${tool}_tool_result_error` as const, error_code },
  }
}

/** The result of a tool search that failed, or was not run, with a message. */
export function toToolSearchError(id: string, code: ToolSearchError, error_message: string | null) {
  const { content, ...result } = toErrorResult('tool_search', id, code)
  return { ...result, content: { ...content, error_message } }
}

/** A run that is not billed. `failed`: why it failed, for the log. */
export function toFreeRun(block: ServerResultBlock, failed?: string): Run {
  return { block, billed: undefined, failed }
}
