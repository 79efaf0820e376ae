/** `npm run mutants`: applies each mutant to src/ and expects a test to fail. Not part of `npm test`. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'

import { mutants } from './mutants.ts'
import type { Mutant } from './mutants.ts'

const filter = process.argv[2] ?? ''
const survivors = mutants
  .filter(({ name }) => name.includes(filter))
  .filter((each) => survives(each))

if (survivors.length > 0) {
  console.error(`${survivors.length} survived`)
  process.exitCode = 1
}

/** Whether all tests pass with the mutant. The file is restored in any case. */
function survives({ name, file, find, replace, tests, project }: Mutant): boolean {
  const original = readFileSync(file, 'utf8')
  if (original.split(find).length !== 2) {
    throw new Error(`${name}: its text does not occur exactly once in ${file}`)
  }
  writeFileSync(
    file,
    original.replace(find, () => replace),
  )
  try {
    const args = ['vitest', 'run', '--project', project, '--bail', '1', ...tests]
    const passed = spawnSync('npx', args, { stdio: 'ignore' }).status === 0
    console.log(`${passed ? 'SURVIVED' : 'killed  '} ${name}`)
    return passed
  } finally {
    writeFileSync(file, original)
  }
}
