/** Bare workerd: the production runtime, without the Workers that `wrangler dev` puts in front. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

import { onCoreZero } from './process.ts'

/** A Worker and what it is bound to. */
export interface Worker {
  /** The files of its modules, the entry first. Each is imported by its name, from beside it. */
  modules: readonly string[]
  compatibilityDate: string
  compatibilityFlags: readonly string[]
  vars: Record<string, string>
  /** The most that its heap may take, in MiB: production has 128. */
  maxHeapMib?: number
  /** Binding → key → value. */
  kv: Record<string, Record<string, { value: string; metadata?: string }>>
  /** Durable Objects: binding → class of the module. */
  objects: Record<string, string>
}

export interface Workerd {
  pid: number
  port: number
  /** Where V8's inspector listens, when asked for. */
  inspectorPort: number | undefined
  stop: () => Promise<void>
}

const binary = String(createRequire(import.meta.url)('workerd').default)

/**
 * Runs its command until its own input ends, which it does when the bench ends in whatever way; then
 * removes the folder. Descriptor 3 is where workerd reports its port.
 */
const guard = `"$@" <&- & echo "{\\"pid\\":$!}" >&3; exec 3>&-; read -r _; kill -9 $!; rm -r "$FOLDER"`

/** In memory where there is such a folder: Durable Objects write to it, and the disk is not measured. */
export const folders = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

/**
 * Starts workerd with one Worker on a free port of 127.0.0.1. Resolves when it listens. It is stopped
 * with the bench at the latest.
 */
export async function startWorkerd(worker: Worker, { inspect = false } = {}): Promise<Workerd> {
  const folder = mkdtempSync(join(folders, 'gateway-bench-'))
  mkdirSync(join(folder, 'objects'))
  writeFileSync(join(folder, 'config.capnp'), toConfig(worker, folder))
  const inspector = inspect ? ['--inspector-addr=127.0.0.1:0'] : []
  const command = [...onCoreZero, binary, 'serve', '--control-fd=3', ...inspector]
  const shell = spawn('sh', ['-c', guard, 'sh', ...command, join(folder, 'config.capnp')], {
    env: { ...process.env, FOLDER: folder },
    stdio: ['pipe', 'ignore', 'inherit', 'pipe'],
  })
  const ports = await listen(shell.stdio[3] as Readable, inspect)
  return {
    ...ports,
    async stop() {
      shell.stdin?.end()
      await once(shell, 'exit')
    },
  }
}

async function listen(control: Readable, inspect: boolean): Promise<Omit<Workerd, 'stop'>> {
  let pid = 0
  let port: number | undefined
  let inspectorPort: number | undefined
  for await (const line of createInterface(control)) {
    const message = JSON.parse(line) as { pid?: number; event?: string; port?: number }
    pid = message.pid ?? pid
    if (message.event === 'listen') {
      port = message.port
    } else if (message.event === 'listen-inspector') {
      inspectorPort = message.port
    }
    if (port !== undefined && (inspectorPort !== undefined || !inspect)) {
      return { pid, port, inspectorPort }
    }
  }
  throw new Error('workerd did not start')
}

function toConfig(worker: Worker, folder: string): string {
  const kvModule = join(import.meta.dirname, '..', 'workers', 'kv.js')
  const embed = (file: string) => `embed ${quote(relative(folder, file))}`
  const namespaces = Object.entries(worker.kv)
  const modules = worker.modules.map(
    (file) => `(name = ${quote(basename(file))}, esModule = ${embed(file)})`,
  )
  const flags = worker.maxHeapMib === undefined ? [] : [`--max-heap-size=${worker.maxHeapMib}`]
  const bindings = [
    ...Object.entries(worker.vars).map(
      ([name, value]) => `(name = ${quote(name)}, text = ${quote(value)})`,
    ),
    ...namespaces.map(([name]) => `(name = ${quote(name)}, kvNamespace = ${quote(name)})`),
    ...Object.entries(worker.objects).map(
      ([name, className]) =>
        `(name = ${quote(name)}, durableObjectNamespace = ${quote(className)})`,
    ),
  ]
  const classes = Object.values(worker.objects).map(
    (name) => `(className = ${quote(name)}, uniqueKey = ${quote(name)}, enableSql = true)`,
  )
  const services = namespaces.map(
    ([name, entries]) => `(name = ${quote(name)}, worker = (
      compatibilityDate = ${quote(worker.compatibilityDate)},
      modules = [(name = "kv", esModule = ${embed(kvModule)})],
      bindings = [(name = "SEED", json = ${quote(JSON.stringify(entries))})]
    ))`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = [${flags.map(quote).join(', ')}],
  services = [
    (name = "main", worker = (
      compatibilityDate = ${quote(worker.compatibilityDate)},
      compatibilityFlags = [${worker.compatibilityFlags.map(quote).join(', ')}],
      modules = [${modules.join(', ')}],
      bindings = [${bindings.join(', ')}],
      durableObjectNamespaces = [${classes.join(', ')}],
      durableObjectStorage = (localDisk = "objects")
    )),
    (name = "objects", disk = (path = ${quote(join(folder, 'objects'))}, writable = true)),
    (name = "internet", network = (allow = ["public", "private"])),
    ${services.join(',\n    ')}
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")]
);
`
}

/** A string of Cap'n Proto's text format. */
function quote(text: string): string {
  return JSON.stringify(text)
}
