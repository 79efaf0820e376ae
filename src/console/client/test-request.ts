/** Sends a short request with the session, and waits for one of the client. */
import { post, readError } from './api.ts'
import { watchFirstRequest } from './first-request.ts'

interface Answer {
  model: string
  content: { type: string; text?: string }[]
}

/** Adds a button to the element that sends a test request. */
export function offerTest(element: HTMLElement): void {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Send a test request'
  const result = document.createElement('p')
  result.setAttribute('role', 'status')
  const waiting = document.createElement('p')
  waiting.className = 'muted'
  const watch = watchFirstRequest(waiting)
  button.addEventListener('click', async () => {
    button.disabled = true
    result.className = ''
    result.textContent = 'Sending …'
    watch.ignoreOne()
    const { isGood, text } = await test(element.dataset['model'] ?? '')
    result.className = isGood ? 'notice good' : 'notice bad'
    result.textContent = text
    button.disabled = false
  })
  element.replaceChildren(button, result, waiting)
}

async function test(model: string): Promise<{ isGood: boolean; text: string }> {
  const messages = [{ role: 'user', content: 'Reply with exactly: it works' }]
  const start = performance.now()
  const response = await post('/messages', JSON.stringify({ model, max_tokens: 64, messages }))
  const ms = Math.round(performance.now() - start)
  if (!response.ok) {
    return { isGood: false, text: await readError(response) }
  }
  const answer: Answer = await response.json()
  const text = answer.content.map((block) => block.text ?? '').join('')
  const adapted = response.headers.get('gateway-adapted')
  const target = response.headers.get('gateway-model')
  return {
    isGood: true,
    text: `${answer.model}${target === null ? '' : ` by ${target}`} answered in ${ms} ms: ${text}${adapted === null ? '' : ` (adapted: ${adapted})`}`,
  }
}
