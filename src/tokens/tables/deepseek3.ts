import type { Table } from '../weights.ts'
export const deepseek3: Table = {
  largest: 1,
  pairs: '',
  triples: '',
  chars: '',
  charPairs: '',
  runs: [],
}
