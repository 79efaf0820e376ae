/** The unions of the official SDKs that dialects must know, and what the gateway leaves out on purpose. */
import { toCodeFailure } from '../../src/dialects/openai-responses/response/error.ts'
import { toEventFailure } from '../../src/dialects/shared/errors/upstream-error.ts'
import type { Declarations } from './declarations.ts'

export interface Watched {
  package: string
  /** What is compared, for the report. */
  title: string
  read: (declarations: Declarations) => string[]
  /** How the gateway knows a value: one of these folders of `src/` names it, or a function recognizes it. */
  known: readonly string[] | ((value: string) => boolean)
  /** Values that need no name of their own, with the reason. */
  settled?: readonly (readonly [RegExp, string])[]
}

const passed = 'passed through; a translated upstream gets it as text'
const hosted = 'of tools that the provider runs, which the gateway does not request'
const progress = 'the deltas and the whole items say it all'

const target = { provider: 'p', model: 'm', limits: {}, takes: {} }

function isRequestFault(failure: { kind: string; status?: number }): boolean {
  return failure.kind === 'upstream_error' && failure.status !== undefined && failure.status < 500
}

const anthropic: readonly Watched[] = [
  { title: 'stop reasons', read: (d: Declarations) => d.literals('BetaStopReason') },
  { title: 'events', read: (d: Declarations) => d.literals('BetaRawMessageStreamEvent') },
  {
    title: 'deltas',
    read: (d: Declarations) => d.literals('BetaRawContentBlockDelta'),
    settled: [[/^compaction_delta$/, passed]] as const,
  },
  {
    title: 'blocks of answers',
    read: (d: Declarations) => d.literals('BetaContentBlock'),
    settled: [[/_tool_result$|^mcp_/, passed]] as const,
  },
  {
    title: 'blocks of requests',
    read: (d: Declarations) => d.literals('BetaContentBlockParam'),
    settled: [[/_tool_result$|^mcp_/, passed]] as const,
  },
  {
    title: 'error types',
    read: (d: Declarations) => d.literals('ErrorType'),
    settled: [[/^memory_/, 'of the Memory API']] as const,
  },
  { title: 'efforts', read: (d: Declarations) => d.fieldLiterals('BetaOutputConfig', 'effort') },
].map((each) => ({
  package: '@anthropic-ai/sdk',
  known: ['anthropic', 'dialects', 'streaming'],
  ...each,
}))

const openai: readonly Watched[] = [
  {
    package: 'openai',
    title: 'finish reasons of chat completions',
    known: ['dialects/openai-chat'],
    read: (d) => d.fieldLiterals('Choice', 'finish_reason'),
  },
  {
    package: 'openai',
    title: 'efforts',
    known: ['dialects/openai-responses', 'providers/openai'],
    read: (d) => d.literals('ReasoningEffort'),
  },
  {
    package: 'openai',
    title: 'events of responses',
    known: ['dialects/openai-responses'],
    read: (d) => d.literals('ResponseStreamEvent'),
    settled: [
      [/audio/, 'the gateway requests no audio'],
      [
        /code_interpreter|file_search|shell_call|web_search|image_generation|mcp_|custom_tool/,
        hosted,
      ],
      [/\.done$|\.added$|\.in_progress$|\.queued$|\.compacting$/, progress],
      [/^response\.text\.delta$/, 'of older servers, for which the whole item counts'],
    ],
  },
  {
    package: 'openai',
    title: 'output items of responses',
    known: ['dialects/openai-responses'],
    read: (d) => d.literals('ResponseOutputItem'),
    settled: [[/_call(?:_output)?$|_search_output$|^program|^mcp_|^additional_tools$/, hosted]],
  },
  {
    package: 'openai',
    title: 'error codes of responses that would count as the provider’s fault',
    known: (code) => isRequestFault(toCodeFailure({ code, message: code }, target)),
    read: (d) => d.fieldLiterals('ResponseError', 'code'),
    settled: [[/^server_error$|_timeout$/, 'they are']],
  },
]

const gemini: readonly Watched[] = [
  { title: 'finish reasons', read: (d: Declarations) => d.literals('FinishReason') },
  {
    title: 'fields of a part',
    read: (d: Declarations) => d.fields('Part'),
    settled: [
      [/^(?:toolCall|toolResponse|codeExecutionResult|executableCode)$/, hosted],
      [
        /^(?:audio|speech|video|media|part)/,
        'about media, of which the gateway sends bytes or a URL',
      ],
    ] as const,
  },
  {
    title: 'thinking levels',
    known: ['dialects/gemini', 'providers/vendors'],
    read: (d: Declarations) => d.literals('ThinkingLevel'),
    settled: [[/_UNSPECIFIED$/, 'the default']] as const,
  },
].map((each) => ({ package: '@google/genai', known: ['dialects/gemini'], ...each }))

const bedrock: readonly Watched[] = [
  { title: 'stop reasons', read: (d: Declarations) => d.literals('StopReason') },
  {
    title: 'events of ConverseStream',
    read: (d: Declarations) => d.members('ConverseStreamOutput'),
    settled: [[/Exception$/, 'compared below']] as const,
  },
  {
    title: 'blocks',
    read: (d: Declarations) => d.members('ContentBlock'),
    settled: [
      [/^(?:audio|video|guardContent|searchResult|toolAddition|toolRemoval)$/, 'not requested'],
    ] as const,
  },
  { title: 'deltas', read: (d: Declarations) => d.members('ContentBlockDelta') },
  {
    title: 'exceptions that would count as the provider’s fault',
    known: (name: string) =>
      isRequestFault(toEventFailure({ error: { type: name, message: name } }, target)) ||
      /unavailable|notready|timeout|overloaded/i.test(name),
    read: (d: Declarations) => d.classes('Exception'),
    settled: [
      [
        /^(?:InternalServer|ModelError|ModelStreamError|BedrockRuntimeService)Exception$/,
        'they are',
      ],
      [/^AccessDenied/, 'the operator’s matter'],
    ] as const,
  },
].map((each) => ({
  package: '@aws-sdk/client-bedrock-runtime',
  known: ['dialects/bedrock', 'streaming'],
  ...each,
}))

export const watched: readonly Watched[] = [...anthropic, ...openai, ...gemini, ...bedrock]
