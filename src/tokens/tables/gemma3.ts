import type { Table } from '../weights.ts'
export const gemma3: Table = {
  largest: 1,
  pairs: '',
  triples: '',
  chars: '',
  charPairs: '',
  runs: [],
}
