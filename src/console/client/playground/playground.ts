/** The playground: sends what the form describes, and shows the answer with all that is reported about it. */
import { post, readError } from '../api.ts'
import type { Block, MessageEvent_ } from './answer-view.ts'
import { AnswerView } from './answer-view.ts'
import type { Language } from './copy-as.ts'
import { toProgram } from './copy-as.ts'
import { readEvents } from './read-events.ts'
import type { Turn } from './request.ts'
import { toBody, toContent } from './request.ts'

/** Makes the form of the playground send its request without a page load. */
export function openPlayground(element: HTMLElement): void {
  if (element instanceof HTMLFormElement) {
    new Playground(element).open()
  }
}

/** What is known of an answer. */
interface Facts {
  startedAt: number
  contentMs: number | undefined
  usage: Record<string, unknown>
  headers: Headers | undefined
  stopReason: string | undefined
}

class Playground {
  readonly #form: HTMLFormElement
  readonly #messages: HTMLElement
  readonly #facts: HTMLElement
  readonly #raw: HTMLElement
  readonly #turns: Turn[] = []
  #abort: AbortController | undefined

  constructor(form: HTMLFormElement) {
    this.#form = form
    this.#messages = find(form, '.messages')
    this.#facts = find(form, '.facts-line')
    this.#raw = find(form, '.raw code')
  }

  open(): void {
    const prompt = this.#field('prompt')
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#send()
    })
    this.#form.addEventListener('keydown', (event) => {
      const isPrompt = event.target === prompt
      if (isPrompt && event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        this.#form.requestSubmit()
      }
    })
    find(this.#form, '[name=stop]').addEventListener('click', () => this.#abort?.abort())
    find(this.#form, '[name=clear]').addEventListener('click', () => {
      this.#turns.length = 0
      this.#messages.replaceChildren()
      this.#facts.textContent = ''
      this.#raw.textContent = ''
    })
    this.#field('copy').addEventListener('change', () => void this.#copy())
  }

  async #send(): Promise<void> {
    const prompt = this.#field('prompt')
    const file = this.#field('file')
    const picked = file instanceof HTMLInputElement ? file.files?.[0] : undefined
    const content = await toContent(prompt.value, picked)
    const answer = this.#addTurn(
      'user',
      picked === undefined ? prompt.value : `[${picked.name}] ${prompt.value}`,
    )
    this.#turns.push({ role: 'user', content })
    this.#setRunning(true)
    try {
      const body = toBody(new FormData(this.#form), this.#turns)
      prompt.value = ''
      file.value = ''
      await this.#ask(body, answer)
    } catch (error) {
      const isAbort = error instanceof DOMException && error.name === 'AbortError'
      this.#fail(
        answer,
        isAbort ? 'Stopped.' : error instanceof Error ? error.message : String(error),
      )
    } finally {
      this.#setRunning(false)
    }
  }

  async #ask(body: Record<string, unknown>, element: HTMLElement): Promise<void> {
    this.#abort = new AbortController()
    this.#raw.textContent = ''
    const facts: Facts = {
      startedAt: performance.now(),
      contentMs: undefined,
      usage: {},
      headers: undefined,
      stopReason: undefined,
    }
    const response = await post('/messages', JSON.stringify(body), { signal: this.#abort.signal })
    facts.headers = response.headers
    this.#addRaw([...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n'))
    if (!response.ok) {
      this.#fail(element, await readError(response))
      this.#showFacts(facts, response.status)
      return
    }
    const view = new AnswerView(element)
    await (body['stream'] === true && response.body !== null
      ? this.#readStream(response.body, view, facts)
      : this.#readMessage(response, view, facts))
    this.#turns.push({ role: 'assistant', content: view.content })
    this.#showFacts(facts, response.status)
  }

  async #readStream(
    body: ReadableStream<Uint8Array<ArrayBuffer>>,
    view: AnswerView,
    facts: Facts,
  ): Promise<void> {
    for await (const { raw, data } of readEvents(body)) {
      this.#addRaw(raw)
      const event: MessageEvent_ = JSON.parse(data)
      if (event.type === 'error') {
        throw new Error(event.error?.message ?? 'The answer failed.')
      }
      if (event.type === 'content_block_delta') {
        facts.contentMs ??= performance.now() - facts.startedAt
      }
      Object.assign(facts.usage, event.message?.usage, event.usage)
      facts.stopReason = event.delta?.stop_reason ?? facts.stopReason
      view.apply(event)
      this.#messages.scrollTop = this.#messages.scrollHeight
    }
  }

  async #readMessage(response: Response, view: AnswerView, facts: Facts): Promise<void> {
    const answer: { content: Block[]; usage: Record<string, unknown>; stop_reason: string } =
      await response.json()
    this.#addRaw(JSON.stringify(answer, null, 2))
    facts.usage = answer.usage
    facts.stopReason = answer.stop_reason
    view.show(answer.content)
  }

  #showFacts({ startedAt, contentMs, usage, headers, stopReason }: Facts, status: number): void {
    const ms = performance.now() - startedAt
    const output = Number(usage['output_tokens'] ?? 0)
    const speed = contentMs === undefined ? 0 : (output / Math.max(1, ms - contentMs)) * 1000
    const facts = [
      `status ${status}`,
      stopReason ?? '',
      contentMs === undefined ? '' : `first content ${Math.round(contentMs)} ms`,
      `${Math.round(ms)} ms in total`,
      output === 0 ? '' : `${Number(usage['input_tokens'] ?? 0)} tokens in, ${output} out`,
      speed === 0 ? '' : `${Math.round(speed)} tokens/s`,
      toFact('by', headers?.get('gateway-model')),
      toFact('adapted', headers?.get('gateway-adapted')),
      toFact('request', headers?.get('request-id')),
    ]
    this.#facts.textContent = facts.filter((fact) => fact !== '').join(' · ')
  }

  async #copy(): Promise<void> {
    const choice = this.#field('copy')
    const language = (['curl', 'python', 'typescript'] as const).find(
      (each: Language) => each === choice.value,
    )
    if (language === undefined) {
      return
    }
    const prompt = this.#field('prompt').value
    const turns =
      prompt === '' ? this.#turns : [...this.#turns, { role: 'user' as const, content: prompt }]
    const body = toBody(new FormData(this.#form), turns)
    await navigator.clipboard.writeText(toProgram(language, location.origin, body))
    this.#facts.textContent = 'Copied, including the conversation so far and without the key.'
    choice.value = ''
  }

  /** Adds the text of a user, and the place of the answer, which it returns. */
  #addTurn(role: string, text: string): HTMLElement {
    const bubble = document.createElement('div')
    bubble.className = `turn ${role}`
    bubble.textContent = text
    const answer = document.createElement('div')
    answer.className = 'turn assistant'
    this.#messages.append(bubble, answer)
    return answer
  }

  #fail(element: HTMLElement, message: string): void {
    const fault = document.createElement('p')
    fault.className = 'notice bad'
    fault.textContent = message
    element.append(fault)
  }

  #addRaw(text: string): void {
    this.#raw.append(`${text}\n\n`)
  }

  #setRunning(isRunning: boolean): void {
    find(this.#form, '[name=stop]').hidden = !isRunning
    const send = this.#form.querySelector<HTMLButtonElement>('button.primary')
    if (send !== null) {
      send.disabled = isRunning
    }
  }

  #field(name: string): HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement {
    const field = this.#form.elements.namedItem(name)
    if (
      field instanceof HTMLInputElement ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement
    ) {
      return field
    }
    throw new Error(`the form has no field ${name}`)
  }
}

function toFact(name: string, value: string | null | undefined): string {
  return value === null || value === undefined ? '' : `${name} ${value}`
}

function find(root: HTMLElement, selector: string): HTMLElement {
  const element = root.querySelector<HTMLElement>(selector)
  if (element === null) {
    throw new Error(`the page has no ${selector}`)
  }
  return element
}
