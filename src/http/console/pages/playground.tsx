/** The playground: a conversation with a model, with all that the gateway reports about it. Needs scripts. */
import type { Context } from 'hono'

import { consolePath } from '../../console-path.ts'
import type { ConsoleEnv } from '../env.ts'
import { NoModels } from '../parts/blocks.tsx'
import { Page, respond } from '../parts/document.tsx'
import { Choice, Field } from '../parts/fields.tsx'
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
      <Choice label="Model" name="model" options={models} />
      <label>
        System prompt
        <textarea name="system" rows={2}></textarea>
      </label>
      <Amounts />
      <label class="check">
        <input type="checkbox" name="stream" checked /> Stream
      </label>
      <Field label="Image or PDF" type="file" name="file" accept="image/*,application/pdf" />
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

const thinking = [
  ['', 'off'],
  'adaptive',
  ['1024', '1,024 tokens'],
  ['8192', '8,192 tokens'],
] as const

function Amounts() {
  return (
    <div class="fields">
      <Field label="Maximal output" name="max_tokens" type="number" min="1" value="1024" />
      <Choice label="Thinking" name="thinking" options={thinking} />
      <Choice
        label="Effort"
        name="effort"
        options={[['', 'default'], 'low', 'medium', 'high', 'max']}
      />
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
