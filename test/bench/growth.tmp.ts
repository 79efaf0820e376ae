import { openBundle } from './bundle.ts'
import { createSetup } from './setup.ts'
import { startWorkerd } from './workerd.ts'
import { chatTarget } from './target.ts'
import { runBurst } from './burst.ts'
import { readFileSync } from 'node:fs'
const rss = (pid: number) => Math.round(Number(readFileSync(`/proc/${pid}/statm`,'utf8').split(' ')[1])*4096/2**20)
const setup = await createSetup(openBundle(process.argv[2]!))
for (const which of ['identity','gateway'] as const) {
  const workerd = await startWorkerd(setup.workers[which])
  const target = which === 'identity' ? chatTarget(workerd) : setup.asGateway(workerd)
  const out: number[] = []
  for (let i = 0; i < 8; i++) {
    await runBurst(target, { spec: { pace: 'coalesced', chunks: 20 }, stream: true, requests: 1000, connections: 4 } as never)
    out.push(rss(workerd.pid))
  }
  console.log(which, out.join(' '))
  await workerd.stop()
}
setup.stop(); process.exit(0)
