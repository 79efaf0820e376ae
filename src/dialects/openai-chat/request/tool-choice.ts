/** The planned tool choice in the parameters of chat completions. */
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { VendorRequest } from '../wire.ts'

export function toToolChoiceFields(
  { choice, isParallel }: ToolPlan,
  quirks: ChatQuirks,
): Pick<VendorRequest, 'tool_choice' | 'parallel_tool_calls'> {
  return {
    ...(choice === undefined ? {} : { tool_choice: toWord(choice, quirks) }),
    ...(isParallel === undefined ? {} : { parallel_tool_calls: isParallel }),
  }
}

function toWord(
  choice: NonNullable<ToolPlan['choice']>,
  { tool_choice_any: any }: ChatQuirks,
): NonNullable<VendorRequest['tool_choice']> {
  if (choice === 'any') {
    return any === 'any' ? 'any' : 'required'
  }
  return typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } }
}
