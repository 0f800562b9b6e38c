// `npm run bench`: every measurement in turn, so that none takes CPU from another.
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'

const MEASUREMENTS = [
  'ledger',
  'flat',
  'journals',
  'tigerBeetleAdapter',
  'projector',
  'lists',
  'nachaFile',
  'starts',
  'yardAtRest',
  'router',
  'routingLab',
  'regime',
  'paidRequests',
  'facilitator',
  'unpaidRequests',
  'proxy',
  'webhooks',
  'overload',
  'lightningEmbedded',
  'lightningLnd',
  'collections',
  'payouts',
  'netting',
  'bankFiles',
] as const

type Measurement = { run(): Promise<void> }

console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown CPU'}, Node ${process.version}`)
for (const name of MEASUREMENTS) {
  const path = join(import.meta.dirname, `${name}.ts`)
  if (!existsSync(path)) {
    console.log(`${name}  there is no bench/${name}.ts`)
    process.exitCode = 1
    continue
  }
  const measurement = (await import(path)) as Measurement // Every file named above exports run().
  await measurement.run()
}
