/** The playground: a conversation with a model, with all that the gateway reports about it. Needs scripts. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { NoModels } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { listModelIds } from '../parts/model-ids.ts'

/** `GET /console/playground` */
export async function showPlayground(c: Context<ConsoleEnv>): Promise<Response> {
  const models = await listModelIds(c)
  if (models.length === 0) {
    return respond(
      c,
      <Page c={c} title="Playground">
        <NoModels />
      </Page>,
    )
  }
  return respond(
    c,
    <Page c={c} title="Playground">
      <noscript>
        <p class="notice warn">The playground needs scripts.</p>
      </noscript>
      <form class="playground" data-island="playground" data-api={`${consolePath}/api/messages`}>
        <Options models={models} />
        <Talk />
      </form>
    </Page>,
  )
}

function Options({ models }: { models: readonly string[] }) {
  return (
    <div class="options card">
      <label>
        Model
        <select name="model">
          {models.map((id) => (
            <option value={id}>{id}</option>
          ))}
        </select>
      </label>
      <label>
        System prompt
        <textarea name="system" rows={2}></textarea>
      </label>
      <Amounts />
      <label class="check">
        <input type="checkbox" name="stream" checked /> Stream
      </label>
      <label>
        Image or PDF
        <input type="file" name="file" accept="image/*,application/pdf" />
      </label>
      <details>
        <summary>Tools and structured output</summary>
        <label>
          Tools, a JSON list
          <textarea name="tools" rows={5} spellcheck={false} placeholder='[{"name": …}]'></textarea>
        </label>
        <label>
          JSON schema of the answer
          <textarea name="schema" rows={5} spellcheck={false}></textarea>
        </label>
      </details>
    </div>
  )
}

function Amounts() {
  return (
    <div class="fields">
      <label>
        Maximal output
        <input name="max_tokens" type="number" min="1" value="1024" />
      </label>
      <label>
        Thinking
        <select name="thinking">
          <option value="">off</option>
          <option value="adaptive">adaptive</option>
          <option value="1024">1,024 tokens</option>
          <option value="8192">8,192 tokens</option>
        </select>
      </label>
      <label>
        Effort
        <select name="effort">
          <option value="">default</option>
          <option>low</option>
          <option>medium</option>
          <option>high</option>
          <option>max</option>
        </select>
      </label>
    </div>
  )
}

function Talk() {
  return (
    <div class="talk">
      <div class="messages" role="log" aria-label="Conversation" tabindex={0}></div>
      <label class="ask">
        Your message
        <textarea name="prompt" rows={3} required></textarea>
      </label>
      <div class="actions wide">
        <button class="primary">Send</button>
        <button type="button" name="stop" hidden>
          Stop
        </button>
        <button type="button" name="clear" class="quiet">
          Clear
        </button>
        <span class="grow"></span>
        <label class="inline">
          Copy as
          <select name="copy">
            <option value="">…</option>
            <option value="curl">curl</option>
            <option value="python">Python</option>
            <option value="typescript">TypeScript</option>
          </select>
        </label>
      </div>
      <output class="facts-line" aria-live="polite"></output>
      <details class="raw">
        <summary>Raw events and headers</summary>
        <pre tabindex={0} aria-label="Raw events and headers">
          <code></code>
        </pre>
      </details>
    </div>
  )
}
