/** The parameters for stop sequences, streaming and the tool choice. */
import type { MessagesRequest } from '../../../anthropic/request/request.ts'
import { isRefused, splitStops } from '../../shared/conversation/sampling.ts'
import type { ToolPlan } from '../../shared/tools/tool-choice.ts'
import type { ChatQuirks } from '../quirks.ts'
import type { ChatParameters, VendorRequest } from '../wire.ts'

/** Splits stop sequences into those for the upstream and those that the gateway enforces. */
export function toStops(
  request: MessagesRequest,
  quirks: ChatQuirks,
  isThinking: boolean,
): { fields: Pick<ChatParameters, 'stop'>; enforced: string[] } {
  const isEnforcedHere = quirks.stop === 'gateway' || isRefused('stop', quirks, isThinking)
  const { sent, enforced } = splitStops(request, isEnforcedHere ? 0 : Number(quirks.stop))
  return {
    fields: sent.length === 0 ? {} : { stop: sent },
    enforced,
  }
}

/**
 * The streaming parameters; `isStream` is whether the upstream is asked to stream, whatever the
 * client asked.
 */
export function toStreaming(
  isStream: boolean,
  quirks: ChatQuirks,
): Pick<ChatParameters, 'stream' | 'stream_options'> {
  if (!isStream) {
    return {}
  }
  return {
    stream: true,
    ...(quirks.stream_usage ? { stream_options: { include_usage: true } } : {}),
  }
}

/** The request fields for a tool choice. */
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
