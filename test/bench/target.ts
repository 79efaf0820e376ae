/** Something to measure: a running Worker, and how to ask it and read it. */
import { readChatReply, readChatStream, readMessage, readMessageStream } from './answers.ts'
import { toRequest } from './client.ts'
import type { Conversation } from './conversation.ts'
import { question } from './conversation.ts'
import type { Workerd } from './runtime/workerd.ts'
import type { Spec } from './upstream/spec.ts'
import { toModelName } from './upstream/spec.ts'

export interface Target {
  workerd: Workerd
  /** Asks the {@link question} where there is nothing else to say. */
  toRequest: (spec: Spec, stream: boolean, conversation?: Conversation) => Buffer
  /** Asks with a body as it is. */
  toRaw: (body: object) => Buffer
  /** The text of a stream. Throws unless it is whole. */
  readStream: (body: string) => string
  /** The text of an answer in one piece. */
  readReply: (body: string) => string
}

/** Chat completions, by way of a Worker that changes nothing. */
export function chatTarget(workerd: Workerd): Target {
  return {
    workerd,
    toRaw: (body) => toRequest('/v1/chat/completions', {}, body),
    toRequest: (spec, stream, conversation = question) =>
      toRequest(
        '/v1/chat/completions',
        {},
        {
          model: toModelName(spec),
          max_completion_tokens: 4096,
          ...conversation,
          stream,
          ...(stream ? { stream_options: { include_usage: true } } : {}),
        },
      ),
    readStream: readChatStream,
    readReply: readChatReply,
  }
}

/** Anthropic's messages, of models with that prefix. */
export function messagesTarget(workerd: Workerd, key: string, prefix: string): Target {
  const headers = { 'x-api-key': key, 'anthropic-version': '2023-06-01' }
  return {
    workerd,
    toRaw: (body) => toRequest('/v1/messages', headers, body),
    toRequest: (spec, stream, conversation = question) =>
      toRequest('/v1/messages', headers, {
        model: toModelName(spec, prefix),
        max_tokens: 4096,
        ...conversation,
        stream,
      }),
    readStream: readMessageStream,
    readReply: readMessage,
  }
}
