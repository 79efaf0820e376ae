/** The app in front of one scripted upstream, and what a feature looks like on both sides of it. */
import type { Harness } from '../../support/app.ts'
import { createHarness } from '../../support/app.ts'
import type { Said, Wire } from './wire.ts'

export interface Block {
  type: string
  text?: string
  thinking?: string
  name?: string
  input?: unknown
  id?: string
}

export interface Answered {
  status: number
  content: Block[]
  stop_reason?: string
  stop_sequence?: string | null
  usage?: Record<string, number>
  input_tokens?: number
  context_management?: { applied_edits: object[] }
  /** The `gateway-adapted` header. */
  adapted: string
  /** What went up, as text. */
  sent: string
}

export interface Gateway {
  /** Asks with these fields, and has the upstream say that. */
  ask: (fields: object, said?: Said, path?: string) => Promise<Answered>
}

export async function createGateway(wire: Wire): Promise<Gateway> {
  let said: Said = { text: 'Hello' }
  const harness: Harness = await createHarness({
    vars: { [wire.secret]: 'sk-secret' },
    catalog: {
      version: 1,
      providers: { up: wire.provider },
      models: [
        {
          id: 'm',
          targets: [{ provider: 'up', model: wire.model }],
          count_tokens: 'native',
        },
      ],
    },
    upstream: async (request) => {
      if (/count_tokens|countTokens|input_tokens|tokenize/.test(request.url)) {
        return wire.count === undefined
          ? new Response('{}', { status: 404 })
          : Response.json(wire.count)
      }
      return Response.json(wire.answer(obey(said, await request.text())))
    },
  })
  return {
    async ask(fields, toSay = { text: 'Hello' }, path = '/v1/messages') {
      said = toSay
      harness.sent.length = 0
      const json = { model: 'm', max_tokens: 1024, messages: [user('Hi')], ...fields }
      const response = await harness.request(path, { json })
      const body: Omit<Answered, 'status' | 'adapted' | 'sent'> = await response.json()
      return {
        ...body,
        content: body.content ?? [],
        status: response.status,
        adapted: response.headers.get('gateway-adapted') ?? '',
        sent: JSON.stringify(harness.sent.at(-1)?.body ?? {}),
      }
    },
  }
}

export function user(...content: (string | object)[]): object {
  return {
    role: 'user',
    content: content.map((piece) =>
      typeof piece === 'string' ? { type: 'text', text: piece } : piece,
    ),
  }
}

/** A model stops at the stop sequences that it was sent, as far as it was sent any. */
function obey(wanted: Said, body: string): Said {
  const { declinesUnless, ...others } = hasCalled(wanted, body) ? { ...wanted, calls: [] } : wanted
  const declines = declinesUnless !== undefined && !body.includes(String(declinesUnless))
  const said = declines ? { ...others, declinesUnless } : others
  const [, sequence] = /"stop(?:_sequences|Sequences)?":\["([^"]+)"\]/.exec(body) ?? []
  const at = sequence === undefined ? -1 : (said.text ?? '').indexOf(sequence)
  return at < 0 || sequence === undefined
    ? said
    : { ...said, text: said.text?.slice(0, at) ?? '', stoppedAt: sequence }
}

function hasCalled({ callsOnce, text = '' }: Said, body: string): boolean {
  return callsOnce === true && body.includes(text)
}
