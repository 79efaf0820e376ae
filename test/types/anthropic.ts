/**
 * Compile-time proof against Anthropic's own types: whatever the official SDK can send, we accept, and
 * whatever we answer, it can read. Checked by `tsc -p test`; nothing here runs.
 */
import type Anthropic from '@anthropic-ai/sdk'
import type * as z from 'zod/mini'

import type {
  AnswerBlock,
  Message,
  StopReason,
  StreamEvent,
} from '../../src/anthropic/answer/wire/message.ts'
import type {
  documentBlock,
  imageBlock,
  redactedThinkingBlock,
  searchResultBlock,
  textBlock,
  thinkingBlock,
  toolResultBlock,
  toolUseBlock,
} from '../../src/anthropic/request/content-block.ts'
import type {
  countTokensRequest,
  customTool,
  messagesRequest,
} from '../../src/anthropic/request/request.ts'
import type { ModelInfo } from '../../src/catalog/model-info.ts'
import type { browserMembers } from '../../src/server-tools/toolsets/browser.ts'
import type { computerMembers } from '../../src/server-tools/toolsets/computer.ts'

/** Compiles only where every `Sub` is a `Super`. */
type Assert<Sub extends Super, Super> = Sub

/** The SDK types as present what Anthropic leaves out at will; these we leave out. */
type LeftOut = 'citations' | 'caller' | 'toolset_name'
type AsSent<Block> = Block extends Anthropic.WebFetchToolResultBlock
  ? Omit<Block, LeftOut | 'content'> & {
      content: Anthropic.WebFetchToolResultErrorBlock | SentPage
    }
  : Block extends unknown
    ? Omit<Block, LeftOut> & Partial<Pick<Block, LeftOut & keyof Block>>
    : never

/** A page without `citations`, where they are off. */
type SentPage = Omit<Anthropic.WebFetchBlock, 'content'> & {
  content: Omit<Anthropic.DocumentBlock, LeftOut>
}

type SentMessage = Omit<
  Anthropic.Message,
  'content' | 'usage' | 'container' | 'diagnostics' | 'stop_details'
> & {
  content: AsSent<Anthropic.ContentBlock>[]
  stop_details?: Anthropic.Message['stop_details']
  usage: Pick<
    Anthropic.Usage,
    'input_tokens' | 'output_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens'
  >
}

/** What only a request of a beta is answered with. */
type BetaStopReason = 'compaction'
type Compacted = Extract<AnswerBlock, { type: 'compaction' }>
type FellBack = Extract<AnswerBlock, { type: 'fallback' }>
type McpBlock = Extract<AnswerBlock, { type: `mcp_${string}` }>
type Advised = Extract<AnswerBlock, { type: 'advisor_tool_result' }>
/** The advisor is one of its names. */
type ServerCall = Extract<AnswerBlock, { type: 'server_tool_use' }>
type BetaBlock = Compacted | FellBack | McpBlock | Advised | ServerCall

type SentMcpBlock =
  | Anthropic.Beta.BetaMCPToolUseBlock
  | Anthropic.Beta.BetaMCPToolListingBlock
  | (Omit<Anthropic.Beta.BetaMCPToolResultBlock, 'content'> & {
      content: Omit<Anthropic.Beta.BetaTextBlock, LeftOut>[]
    })

type StableMessage = Omit<Message, 'content' | 'stop_reason'> & {
  content: Exclude<AnswerBlock, BetaBlock>[]
  stop_reason: Exclude<StopReason, BetaStopReason> | null
}

/** The names of the inputs of each member of a toolset. */
type InputsOffered<Members extends Record<string, { properties: object }>> = {
  [Name in keyof Members]: keyof Members[Name]['properties']
}
type InputsOf<Block extends { name: string; input: unknown }> = {
  [Name in Block['name']]: keyof Extract<Block, { name: Name }>['input']
}
type ComputerInputs = InputsOf<Anthropic.Beta.BetaComputerToolUseBlock>
type BrowserInputs = InputsOf<Anthropic.Beta.BetaBrowserToolUseBlock>

export type Proofs = [
  Assert<InputsOffered<typeof computerMembers>, ComputerInputs>,
  Assert<ComputerInputs, InputsOffered<typeof computerMembers>>,
  Assert<InputsOffered<typeof browserMembers>, BrowserInputs>,
  Assert<BrowserInputs, InputsOffered<typeof browserMembers>>,
  Assert<
    Pick<Extract<AnswerBlock, { type: 'tool_use' }>, 'toolset_name'>,
    Pick<Anthropic.Beta.BetaToolUseBlock, 'toolset_name'>
  >,
  Assert<Anthropic.MessageCreateParams, z.input<typeof messagesRequest>>,
  Assert<Anthropic.MessageCountTokensParams, z.input<typeof countTokensRequest>>,
  Assert<Anthropic.TextBlockParam, z.input<typeof textBlock>>,
  Assert<Anthropic.ImageBlockParam, z.input<typeof imageBlock>>,
  Assert<Anthropic.DocumentBlockParam, z.input<typeof documentBlock>>,
  Assert<Anthropic.SearchResultBlockParam, z.input<typeof searchResultBlock>>,
  Assert<Anthropic.ThinkingBlockParam, z.input<typeof thinkingBlock>>,
  Assert<Anthropic.RedactedThinkingBlockParam, z.input<typeof redactedThinkingBlock>>,
  Assert<Anthropic.ToolUseBlockParam, z.input<typeof toolUseBlock>>,
  Assert<Anthropic.ToolResultBlockParam, z.input<typeof toolResultBlock>>,
  Assert<Anthropic.Tool, z.input<typeof customTool>>,
  Assert<Exclude<StopReason, BetaStopReason>, Anthropic.StopReason>,
  Assert<BetaStopReason, Anthropic.Beta.BetaStopReason>,
  Assert<Exclude<AnswerBlock, BetaBlock>, AsSent<Anthropic.ContentBlock>>,
  Assert<Omit<Compacted, 'tool_changes'>, Anthropic.Beta.BetaCompactionBlock>,
  Assert<FellBack, Anthropic.Beta.BetaFallbackBlock>,
  Assert<McpBlock, SentMcpBlock>,
  Assert<Advised, Anthropic.Beta.BetaAdvisorToolResultBlock>,
  Assert<ServerCall['name'], Anthropic.Beta.BetaServerToolUseBlock['name']>,
  Assert<StableMessage, SentMessage>,
  Assert<StreamEvent['type'], Anthropic.MessageStreamEvent['type'] | 'ping' | 'error'>,
  Assert<ModelInfo['lifecycle'], Anthropic.ModelInfo['lifecycle']>,
]
