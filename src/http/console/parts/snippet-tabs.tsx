/** Ready lines for each client, with this gateway's origin and a key. */
import type { Lines } from '../../../console/client-lines.ts'
import { clientLines } from '../../../console/client-lines.ts'
import { Copyable } from './blocks.tsx'

/** The lines of each client: one below the other without scripts, as tabs with them. */
export function SnippetTabs({ lines }: { lines: Lines }) {
  return (
    <div class="snippets" data-island="tabs">
      {clientLines(lines).map(({ id, name, text, note }) => (
        <section data-tab={name} id={`client-${id}`}>
          <h3>{name}</h3>
          <Copyable text={text} label={`Lines for ${name}`} />
          {note !== undefined && <p class="muted small">{note}</p>}
        </section>
      ))}
    </div>
  )
}
