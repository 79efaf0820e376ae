/** What a process has cost so far, from /proc: the time of all its threads on a CPU, kernel work included. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'

/** Milliseconds on a CPU since the process began. */
export function cpuMs(pid: number): number {
  let nanoseconds = 0
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [onCpu] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')
    nanoseconds += Number(onCpu)
  }
  return nanoseconds / 1e6
}

/** Resident memory in KiB. */
export function residentKib(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib)
}

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['-V']).status === 0

/** What to put before a command so that it has core 0 for itself, as far as this bench is concerned. */
export const onCoreZero: readonly string[] = canPin ? ['taskset', '-c', '0'] : []

/** Moves a process with all of its threads there, since it was started off it. */
export function moveToCoreZero(pid: number): void {
  if (canPin) {
    spawnSync('taskset', ['-a', '-c', '-p', '0', String(pid)])
  }
}

/** The processes of this name that this one has started. */
export function childrenNamed(name: string): number[] {
  return readdirSync('/proc/self/task')
    .flatMap((thread) => readFileSync(`/proc/self/task/${thread}/children`, 'utf8').split(' '))
    .filter((pid) => pid !== '' && readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name)
    .map(Number)
}

/** Keeps this process, and what it starts from now on, off core 0. */
export function leaveCoreZero(): void {
  if (canPin) {
    spawnSync('taskset', ['-a', '-c', '-p', `1-${availableParallelism() - 1}`, String(process.pid)])
  }
}
