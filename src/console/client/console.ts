/**
 * What makes the console's pages livelier where scripts run. A page marks its parts with `data-island`; what
 * few pages need is loaded by them.
 */
import 'uplot/dist/uPlot.min.css'
import './style.css'
import { addCopyButton } from './copy.ts'
import { watchFirstRequest } from './first-request.ts'
import { localizeTimes } from './local-times.ts'
import { makeTabs } from './tabs.ts'

type Island = (element: HTMLElement) => unknown

const islands: Readonly<Record<string, Island>> = {
  copy: addCopyButton,
  tabs: makeTabs,
  enter: fillCode,
  'first-request': watchFirstRequest,
  test: async (element) => (await import('./test-request.ts')).offerTest(element),
  chart: async (element) => (await import('./chart.ts')).drawChart(element),
  live: async (element) => (await import('./live-requests.ts')).watchRequests(element),
  playground: async (element) =>
    (await import('./playground/playground.ts')).openPlayground(element),
  catalog: async (element) => (await import('./editor/catalog-editor.ts')).openEditor(element),
  diff: async (element) => (await import('./editor/diff-view.ts')).showDiff(element),
}

localizeTimes(document)
for (const element of document.querySelectorAll<HTMLElement>('[data-island]')) {
  void islands[element.dataset['island'] ?? '']?.(element)
}

/** Enters by a one-time link, whose code is in the fragment. */
function fillCode(element: HTMLElement): void {
  const code = location.hash.slice(1)
  const input = element.querySelector('input')
  if (element instanceof HTMLFormElement && input !== null && code !== '') {
    input.value = code
    history.replaceState(null, '', location.pathname)
    element.submit()
  }
}
