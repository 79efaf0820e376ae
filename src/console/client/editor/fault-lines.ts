/** Marks the lines of an editor that have a fault. */
import type { EditorState, Extension } from '@codemirror/state'
import { StateEffect, StateField } from '@codemirror/state'
import type { DecorationSet } from '@codemirror/view'
import { Decoration, EditorView } from '@codemirror/view'

/** A fault of the catalog with its place; lines and columns count from 1. */
export interface Fault {
  path: string
  message: string
  at: { line: number; column: number }
}

/** Replaces the faults that are marked. */
export const setFaults = StateEffect.define<readonly Fault[]>()

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(known, { effects, changes, state }) {
    const set = effects.findLast((effect) => effect.is(setFaults))
    return set?.is(setFaults) === true ? toMarks(state, set.value) : known.map(changes)
  },
  provide: (field) => EditorView.decorations.from(field),
})

/** The extension of CodeMirror that marks lines with faults. */
export const faultLines: Extension = marks

/** The sentence of a fault. */
export function describeFault({ path, message }: Fault): string {
  return path === '' ? message : `${path}: ${message}`
}

function toMarks({ doc }: EditorState, faults: readonly Fault[]): DecorationSet {
  const byLine = Map.groupBy(faults, ({ at }) => Math.min(Math.max(1, at.line), doc.lines))
  const ranges = [...byLine].map(([line, some]) =>
    Decoration.line({
      class: 'cm-fault',
      attributes: { title: some.map(describeFault).join('\n') },
    }).range(doc.line(line).from),
  )
  return Decoration.set(ranges, true)
}
