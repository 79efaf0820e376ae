/** A scripted model, and a scripted back end of web search, for tests of server tools. */
import type { Harness } from './app.ts'
import { chatStream, createHarness, delta } from './app.ts'

/** What a scripted model does in one model call. */
export interface ModelTurn {
  text?: string | readonly string[]
  /** Calls of tools, with their arguments. */
  calls?: readonly (readonly [name: string, input: object])[]
  reasoning?: string
  finish?: string
  usage?: readonly [input: number, output: number]
}

/** A chat completions stream of that turn. */
export function toModelStream({ text = [], calls = [], reasoning, ...rest }: ModelTurn): Response {
  const { finish = calls.length === 0 ? 'stop' : 'tool_calls', usage = [10, 5] } = rest
  const pieces = typeof text === 'string' ? [text] : text
  return chatStream(
    ...(reasoning === undefined ? [] : [delta({ reasoning_content: reasoning })]),
    ...pieces.map((content) => delta({ content })),
    ...calls.map(([name, input], index) =>
      delta({
        tool_calls: [
          { index, id: `call_${index}`, function: { name, arguments: JSON.stringify(input) } },
        ],
      }),
    ),
    delta({}, finish),
    { choices: [], usage: { prompt_tokens: usage[0], completion_tokens: usage[1] } },
  )
}

export interface SearchHarness extends Harness {
  /** Bodies of the requests to the model, in order. */
  asked: () => Record<string, unknown>[]
  /** Requests to the back end, in order. */
  searched: () => Harness['sent']
}

const searchUrl = 'https://api.tavily.com/search'

export const hits = [
  {
    title: 'Rome',
    url: 'https://rome.example/a',
    content: 'Rome is the capital of Italy. It is old.',
  },
  { title: 'Italy', url: 'https://italy.example/b', content: 'Italy is a country in Europe.' },
]

/** The app with a model that takes these turns one after the other, and web search that finds {@link hits}. */
export async function createSearchHarness(
  turns: readonly (ModelTurn | (() => Response))[],
  {
    search = () => Response.json({ results: hits }),
    settings = {},
    record = {},
    vars = {},
    model = {},
    fetch,
    web = () => new Response('no page', { status: 404 }),
    bounds = {},
  }: {
    search?: (request: Request) => Response | Promise<Response>
    settings?: object
    record?: object
    vars?: object
    model?: object
    /** Settings of web fetch; undefined where it is not switched on. */
    fetch?: object | undefined
    /** Answers requests to pages, and to the resolver of names. */
    web?: (request: Request) => Response | Promise<Response>
    /** Bounds of an answer, and other settings of server tools. */
    bounds?: object
  } = {},
): Promise<SearchHarness> {
  const isModel = ({ url }: { url: string }): boolean =>
    /^http:\/\/(?:chat|claude)\.test\//.test(url)
  let turn = 0
  const harness = await createHarness({
    vars: { TAVILY_API_KEY: 'search-secret', ...vars },
    record,
    catalog: {
      version: 1,
      providers: {
        chat: { dialect: 'openai-chat', base_url: 'http://chat.test/v1', secret: 'CHAT_KEY' },
        claude: { preset: 'anthropic', base_url: 'http://claude.test' },
      },
      models: [
        { id: 'm', targets: [{ provider: 'chat', model: 'up' }], ...model },
        { id: 'claude-x', targets: [{ provider: 'claude', model: 'claude-x' }] },
      ],
      server_tools: {
        web_search: { back_end: 'tavily', ...settings },
        ...bounds,
        ...(fetch === undefined ? {} : { web_fetch: fetch }),
      },
    },
    upstream: (request) => {
      if (request.url.startsWith(searchUrl)) {
        return search(request)
      }
      if (!isModel(request)) {
        return web(request)
      }
      const next = turns[turn] ?? {}
      turn += 1
      return typeof next === 'function' ? next() : toModelStream(next)
    },
  })
  const isSearch = ({ url }: { url: string }): boolean => url.startsWith(searchUrl)
  return {
    ...harness,
    asked: () => harness.sent.filter(isModel).map(({ body }) => body as Record<string, unknown>),
    searched: () => harness.sent.filter(isSearch),
  }
}

export const webSearch = { type: 'web_search_20250305', name: 'web_search' }

/** A request that offers web search. */
export const askSearch = {
  model: 'm',
  max_tokens: 1000,
  tools: [webSearch],
  messages: [{ role: 'user', content: 'What is the capital of Italy?' }],
}

export const webFetch = { type: 'web_fetch_20250910', name: 'web_fetch' }

/** The answers of a resolver where each host has these addresses; `8.8.8.8` for hosts that are not listed. */
export function resolve(request: Request, addresses: Record<string, string> = {}): Response {
  const query = new URL(request.url).searchParams
  const data = addresses[query.get('name') ?? ''] ?? '8.8.8.8'
  const type = data.includes(':') ? 'AAAA' : 'A'
  const Answer = query.get('type') === type ? [{ type: type === 'A' ? 1 : 28, data }] : []
  return Response.json({ Status: 0, Answer })
}
