/** The catalog's editor: the text area as CodeMirror, checked by the gateway as one types. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState } from '@codemirror/state'
import type { ViewUpdate } from '@codemirror/view'
import { EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { tags } from '@lezer/highlight'

import { post } from '../api.ts'
import { renderDiff } from './diff-view.ts'
import type { Fault } from './fault-lines.ts'
import { describeFault, faultLines, setFaults } from './fault-lines.ts'

/** The pause in typing after which the text is checked, in milliseconds. */
const pauseMs = 300

interface Check {
  valid: boolean
  faults: Fault[]
  changes: string[]
}

/** Replaces the text area of the catalog's form by an editor. */
export function openEditor(form: HTMLElement): void {
  const area = form.querySelector('textarea')
  const report = form.querySelector<HTMLElement>('.check')
  if (area === null || report === null) {
    return
  }
  const served = form.dataset['served'] ?? ''
  const diff = document.createElement('div')
  report.after(diff)
  let timer: ReturnType<typeof setTimeout> | undefined
  const onUpdate = ({ docChanged, state }: ViewUpdate): void => {
    if (docChanged) {
      area.value = state.doc.toString()
      clearTimeout(timer)
      timer = setTimeout(() => void check(view, report), pauseMs)
      renderDiff(diff, served, area.value)
    }
  }
  const view = createView(area, onUpdate)
  if (area.value !== served) {
    void check(view, report)
    renderDiff(diff, served, area.value)
  }
}

function createView(area: HTMLTextAreaElement, onUpdate: (update: ViewUpdate) => void): EditorView {
  // A shadow root takes CodeMirror's styles as constructed sheets, which the page's policy allows.
  const host = document.createElement('div')
  host.className = 'code'
  const root = host.attachShadow({ mode: 'open' })
  area.before(host)
  area.hidden = true
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        lineNumbers(),
        history(),
        highlightActiveLine(),
        faultLines,
        json(),
        syntaxHighlighting(colors),
        theme,
        keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({
          'aria-label': 'Text of the catalog, in JSON',
          tabindex: '0',
        }),
        EditorView.updateListener.of(onUpdate),
        ...(area.readOnly ? [EditorState.readOnly.of(true)] : []),
      ],
    }),
  })
  return view
}

async function check(view: EditorView, report: HTMLElement): Promise<void> {
  const text = view.state.doc.toString()
  const response = await post('/organizations/catalog/check', text)
  if (!response.ok || text !== view.state.doc.toString()) {
    return
  }
  const checked: Check = await response.json()
  view.dispatch({ effects: setFaults.of(checked.faults) })
  report.replaceChildren(...toReport(view, checked))
}

function toReport(view: EditorView, { valid, faults, changes }: Check): HTMLElement[] {
  const list = document.createElement('ul')
  if (!valid) {
    list.className = 'faults'
    list.append(...faults.map((fault) => toFaultItem(view, fault)))
    return [list]
  }
  const verdict = document.createElement('p')
  verdict.className = 'notice good'
  verdict.textContent =
    changes.length === 0
      ? 'Valid. It serves the same models as the current catalog.'
      : 'Valid. What changes:'
  list.append(...changes.map(toItem))
  return changes.length === 0 ? [verdict] : [verdict, list]
}

function toItem(text: string): HTMLElement {
  const item = document.createElement('li')
  item.textContent = text
  return item
}

/** A fault, with a button that moves the cursor to it. */
function toFaultItem(view: EditorView, fault: Fault): HTMLElement {
  const { doc } = view.state
  const line = doc.line(Math.min(Math.max(1, fault.at.line), doc.lines))
  const item = toItem(` ${describeFault(fault)}`)
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = `Line ${line.number}`
  button.addEventListener('click', () => {
    const anchor = Math.min(line.from + fault.at.column - 1, line.to)
    view.dispatch({ selection: { anchor }, scrollIntoView: true })
    view.focus()
  })
  item.prepend(button)
  return item
}

const colors = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-value)' },
])

const theme = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--card)', fontSize: '13px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--mono)', maxHeight: '60vh', overflow: 'auto' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--page)',
    color: 'var(--muted)',
    borderColor: 'var(--line)',
  },
  '.cm-activeLine': { backgroundColor: 'transparent' },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    backgroundColor: 'var(--select) !important',
  },
  '.cm-fault': { backgroundColor: 'var(--bad-back)', boxShadow: 'inset 3px 0 var(--bad)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-tooltip': {
    backgroundColor: 'var(--card)',
    color: 'var(--text)',
    borderColor: 'var(--line)',
  },
})
