/** The lint rules that follow from the layer table. */
import { commands, layers, sources } from '../../layers.ts'
import type { Layer } from '../../layers.ts'

interface Override {
  files: readonly string[]
  rules: Record<string, unknown>
}

/** What a pure room gets as an argument instead. */
const impureGlobals = [
  'fetch',
  'WebSocket',
  'caches',
  'Date',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'scheduler',
]

const clock = [
  { object: 'Date', property: 'now', message: '`now` is an argument: there is one clock' },
  { object: 'Math', property: 'random', message: 'randomness is an argument' },
]

/** An oxlint configuration with one override per rule and layer, for `extends`. */
export function toLintConfig(): { overrides: Override[] } {
  return {
    overrides: [
      { files: ['src/**'], rules: { 'no-restricted-properties': ['error', ...clock] } },
      { files: [...sources], rules: { 'no-restricted-properties': 'off' } },
      ...layers.toReversed().map(toImports),
      {
        files: layers.filter(({ isPure }) => isPure).map(({ room }) => `src/${room}/**`),
        rules: { 'no-restricted-globals': ['error', ...impureGlobals] },
      },
    ],
  }
}

/** A room within another one has its override after it, and so replaces it. */
function toImports(layer: Layer): Override {
  const above = layers
    .slice(layers.indexOf(layer) + 1)
    .map(({ room }) => room)
    .filter((room) => !layer.room.startsWith(`${room}/`))
  const foreign = layers.flatMap(({ owns }) => owns).filter((name) => !layer.owns.includes(name))
  return {
    files: [`src/${layer.room}/**`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: [...above, commands].map((room) => `**/${room}/**`),
              message: `${layer.room}/ imports only rooms below it (layers.ts)`,
            },
            {
              group: ['node:*', ...foreign],
              message: `${layer.room}/ does not use this platform or package (layers.ts)`,
            },
          ],
        },
      ],
    },
  }
}
