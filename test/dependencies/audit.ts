/**
 * `npm run audit`: known vulnerabilities of the packages that are bundled, or why the registry does not
 * tell. Exits with 1 for a vulnerability, and with 2 where nothing was checked.
 */
import { spawnSync } from 'node:child_process'

interface Audit {
  /** Present where the registry answered with an error. */
  message?: string
  statusCode?: number
  metadata?: { vulnerabilities: { total: number }; dependencies: { prod: number } }
}

const { stdout } = spawnSync('npm', ['audit', '--omit=dev', '--json'], { encoding: 'utf8' })
const { metadata, message = 'no answer', statusCode }: Audit = JSON.parse(stdout || '{}')

if (metadata === undefined) {
  console.error(`Nothing was checked: the registry has no audit (${statusCode ?? message}).`)
  process.exitCode = 2
} else {
  const { vulnerabilities, dependencies } = metadata
  console.log(`${vulnerabilities.total} known vulnerabilities in ${dependencies.prod} packages`)
  process.exitCode = vulnerabilities.total === 0 ? 0 : 1
}
