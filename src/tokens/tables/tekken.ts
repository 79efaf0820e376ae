import type { Table } from '../weights.ts'
export const tekken: Table = {
  largest: 1,
  pairs: '',
  triples: '',
  chars: '',
  charPairs: '',
  runs: [],
}
