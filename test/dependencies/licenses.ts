/** `npm run licenses`: fails if a package in the lock file has a license that is not on the list. */
import { readFileSync } from 'node:fs'

interface LockedPackage {
  license?: string
  dev?: boolean
  link?: boolean
}

/** Licenses that allow use and redistribution without conditions on the gateway's own code. */
const allowed = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Python-2.0',
  'Unlicense',
])

/** Development tools only: neither bundled nor changed. */
const allowedForDevelopment = new Set([
  'CC BY-SA 4.0',
  'LGPL-3.0-or-later',
  'MPL-2.0',
  'WTFPL',
  'CC-BY-3.0',
  'CC-BY-4.0',
])

const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync('package-lock.json', 'utf8'),
)
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && !link)
const rejected = packages.filter(([, each]) => !isAllowed(each))

for (const [path, { license }] of rejected) {
  console.error(`${path.replace('node_modules/', '')}: ${license ?? 'no license'}`)
}
console.log(
  `${packages.length - rejected.length} of ${packages.length} packages have an allowed license`,
)
process.exitCode = rejected.length === 0 ? 0 : 1

/** Whether one of the alternatives, each with all of its parts, is allowed. */
function isAllowed({ license = '', dev = false }: LockedPackage): boolean {
  const isKnown = (name: string): boolean =>
    allowed.has(name) || (dev && allowedForDevelopment.has(name))
  return license
    .replace(/[()]/g, '')
    .split(' OR ')
    .some((alternative) => alternative.split(' AND ').every(isKnown))
}
