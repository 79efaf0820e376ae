/** What was done to the context of a request, in Anthropic's fields. Types only. */

/** An entry of `applied_edits`: an edit, and what it has cleared. */
export type AppliedEdit =
  | {
      type: 'clear_thinking_20251015'
      cleared_thinking_turns: number
      cleared_input_tokens: number
    }
  | {
      type: 'clear_tool_uses_20250919'
      cleared_tool_uses: number
      cleared_input_tokens: number
    }

/** The field of an answer whose request asked for edits, whether or not any was applied. */
export interface ContextManagement {
  applied_edits: readonly AppliedEdit[]
}
