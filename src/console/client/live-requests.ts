/** Loads the table of requests again when a request arrives, unless it is paused. */
import { localizeTimes } from './local-times.ts'

/** Milliseconds from an arrival to the load, in which others may arrive. */
const gatherMs = 300

/** Keeps the table of requests in the element up to date, and adds a button that pauses it. */
export function watchRequests(element: HTMLElement): void {
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = 'Pause'
  const state = document.createElement('span')
  state.className = 'live'
  state.textContent = 'live'
  document.querySelector('.filters')?.append(button, state)
  let isPaused = false
  let timer: ReturnType<typeof setTimeout> | undefined
  button.addEventListener('click', () => {
    isPaused = !isPaused
    button.textContent = isPaused ? 'Go on' : 'Pause'
    state.textContent = isPaused ? 'paused' : 'live'
    if (!isPaused) {
      void reload(element)
    }
  })
  const events = new EventSource(element.dataset['stream'] ?? '')
  events.addEventListener('message', () => {
    clearTimeout(timer)
    // What a reader has opened stays open.
    if (!isPaused && element.querySelector('details[open]') === null) {
      timer = setTimeout(() => void reload(element), gatherMs)
    }
  })
  events.addEventListener('error', () => {
    state.textContent = events.readyState === EventSource.CLOSED ? 'disconnected' : 'reconnecting'
  })
  events.addEventListener('open', () => {
    state.textContent = isPaused ? 'paused' : 'live'
  })
}

async function reload(element: HTMLElement): Promise<void> {
  const response = await fetch(location.href)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const fresh = page.querySelector('[data-island=live]')
  if (response.ok && fresh !== null) {
    element.replaceChildren(...fresh.childNodes)
    localizeTimes(element)
  }
}
